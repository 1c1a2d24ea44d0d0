using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Files;

/// <summary>How a conditional request is to be answered.</summary>
internal enum ConditionOutcome
{
    /// <summary>As if there were no condition.</summary>
    Proceed,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>412.</summary>
    PreconditionFailed,
}

/// <summary>Conditional requests by RFC 9110, section 13.</summary>
/// <remarks>A file never changes, so its SHA-256 is its strong entity tag, and its id where it has none.</remarks>
internal static class EntityConditions
{
    public static EntityTagHeaderValue TagOf(FileId id, Sha256Digest? sha256) => new($"\"{sha256?.ToString() ?? id.ToString()}\"");

    /// <summary>HTTP dates have whole seconds.</summary>
    public static DateTimeOffset LastModifiedOf(StoredFile file) =>
        DateTimeOffset.FromUnixTimeSeconds(file.CompletedAt.ToUnixTimeSeconds());

    /// <summary>Evaluates the preconditions in the order of RFC 9110, section 13.2.2.</summary>
    public static ConditionOutcome Evaluate(RequestHeaders headers, EntityTagHeaderValue tag, DateTimeOffset lastModified)
    {
        // "When If-Match is present and the condition is false, respond 412."
        if (headers.IfMatch is { Count: > 0 } ifMatch)
        {
            if (!Matches(ifMatch, tag, useStrongComparison: true))
            {
                return ConditionOutcome.PreconditionFailed;
            }
        }
        else if (headers.IfUnmodifiedSince is { } unmodifiedSince && lastModified > unmodifiedSince)
        {
            return ConditionOutcome.PreconditionFailed;
        }

        // "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match header field."
        if (headers.IfNoneMatch is { Count: > 0 } ifNoneMatch)
        {
            return Matches(ifNoneMatch, tag, useStrongComparison: false) ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
        }

        return headers.IfModifiedSince is { } modifiedSince && lastModified <= modifiedSince
            ? ConditionOutcome.NotModified
            : ConditionOutcome.Proceed;
    }

    /// <summary>"If the validator given in the If-Range header field matches … process the Range header field as requested."</summary>
    public static bool AllowsRange(RequestHeaders headers, EntityTagHeaderValue tag, DateTimeOffset lastModified) => headers.IfRange switch
    {
        null => true,
        { EntityTag: { } ifTag } => ifTag.Compare(tag, useStrongComparison: true),
        { LastModified: { } ifDate } => ifDate == lastModified,
        _ => false,
    };

    private static bool Matches(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue tag, bool useStrongComparison) =>
        tags.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison));
}
