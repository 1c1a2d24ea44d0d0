using System.Globalization;
using MediaAspire.Api.Http;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>The preconditions of a request to read an object: RFC 9110, section 13, with S3's tags, whose quotes are optional.</summary>
/// <param name="IfMatch">Entity tags, one of which the object must have.</param>
/// <param name="IfNoneMatch">Entity tags, none of which the object may have.</param>
/// <param name="IfModifiedSince">A date after which the object must have been created.</param>
/// <param name="IfUnmodifiedSince">A date after which the object must not have been created.</param>
internal readonly record struct ReadConditions(string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince)
{
    /// <summary>Evaluates the conditions. A malformed date counts as absent.</summary>
    /// <param name="etag">The object's entity tag, without quotes.</param>
    /// <param name="modifiedAt">The time at which the object was created.</param>
    public ConditionOutcome Evaluate(string etag, DateTimeOffset modifiedAt) =>
        new Preconditions
        {
            IfMatch = IfMatch is null ? null : Names(IfMatch, etag),
            IfNoneMatch = IfNoneMatch is null ? null : Names(IfNoneMatch, etag),
            IfModifiedSince = Date(IfModifiedSince),
            IfUnmodifiedSince = Date(IfUnmodifiedSince),
        }.Evaluate(Preconditions.ToHttpDate(modifiedAt));

    /// <summary>Gets the name of the header of the failed precondition.</summary>
    public string FailedHeader => IfMatch is not null ? HeaderNames.IfMatch : HeaderNames.IfUnmodifiedSince;

    private static bool Names(string tags, string etag) => tags
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(tag => (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"'))
        .Any(tag => tag == "*" || tag == etag);

    private static DateTimeOffset? Date(string? header) =>
        HeaderUtilities.TryParseDate(header, out var date)
        || DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date)
            ? date
            : null;
}
