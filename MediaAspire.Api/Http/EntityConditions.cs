using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Http;

/// <summary>Conditional requests by RFC 9110, section 13, for content that never changes and has a strong entity tag.</summary>
internal static class EntityConditions
{
    /// <summary>Evaluates the preconditions of a request.</summary>
    public static ConditionOutcome Evaluate(RequestHeaders headers, EntityTagHeaderValue tag, DateTimeOffset lastModified) =>
        new Preconditions
        {
            IfMatch = headers.IfMatch is { Count: > 0 } ifMatch ? Matches(ifMatch, tag, useStrongComparison: true) : null,
            IfNoneMatch = headers.IfNoneMatch is { Count: > 0 } ifNoneMatch ? Matches(ifNoneMatch, tag, useStrongComparison: false) : null,
            IfModifiedSince = headers.IfModifiedSince,
            IfUnmodifiedSince = headers.IfUnmodifiedSince,
        }.Evaluate(lastModified);

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
