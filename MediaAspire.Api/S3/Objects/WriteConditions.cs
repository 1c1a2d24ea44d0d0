using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Reads the conditions that a key must meet before it is written.</summary>
internal static class WriteConditions
{
    public static ObjectConditions Read(S3Request request) =>
        (request.Header("If-Match"), request.Header("If-None-Match")) switch
        {
            (null, null) => ObjectConditions.None,
            var (match, noneMatch) => new(Tag(match), Tag(noneMatch)),
        };

    /// <summary>Removes the quotes from an entity tag; S3 also accepts tags without them.</summary>
    public static string? Tag(string? header) => header?.Trim().Trim('"');
}
