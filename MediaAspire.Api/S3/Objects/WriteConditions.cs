using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Reads what a request says must be true of a key before it is written.</summary>
internal static class WriteConditions
{
    public static ObjectConditions Read(S3Request request) =>
        (request.Header("If-Match"), request.Header("If-None-Match")) switch
        {
            (null, null) => ObjectConditions.None,
            var (match, noneMatch) => new(Tag(match), Tag(noneMatch)),
        };

    /// <summary>Takes the quotes off an entity tag; S3 takes tags without them as well.</summary>
    public static string? Tag(string? header) => header?.Trim().Trim('"');
}
