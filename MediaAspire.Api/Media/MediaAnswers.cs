using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Media;

/// <summary>Makes the answers of routes about one item: the item with its entity tag, or the problem.</summary>
internal static class MediaAnswers
{
    /// <summary>Makes the answer about an item; the entity tag is its version.</summary>
    /// <remarks>Addresses in it expire, so no cache may keep it.</remarks>
    public static JsonHttpResult<MediaResponse> Ok(HttpContext http, MediaItem item, MediaDownloads downloads, int? status = null)
    {
        var headers = http.Response.Headers;
        headers.ETag = TagOf(item);
        headers.CacheControl = "no-store";
        return TypedResults.Json(downloads.Describe(item), MediaJson.Default.MediaResponse, statusCode: status);
    }

    /// <summary>Makes the answer about a result.</summary>
    public static IResult Of(HttpContext http, MediaResult result, MediaDownloads downloads, int? status = null) =>
        result.Item is { } item ? Ok(http, item, downloads, status) : Refuse(result.Refusal!);

    public static IResult Refuse(MediaRefusal refusal) =>
        refusal.Reason == MediaRefusalReason.KeyRequired ? TypedResults.Challenge() : MediaErrors.Of(refusal);

    /// <summary>Parses the id in a path. Without a key, only the id of a public item is an answer.</summary>
    /// <returns>The problem with the id; <see langword="null"/> for none.</returns>
    public static IResult? ParseId(string text, MediaSender sender, out MediaId id)
    {
        if (MediaId.TryParse(text, out id))
        {
            return null;
        }

        return sender.IsAnonymous ? TypedResults.Challenge() : MediaErrors.InvalidId(text);
    }

    public static string TagOf(MediaItem item) => string.Create(null, stackalloc char[24], $"\"{item.Version}\"");

    /// <summary>Determines whether the sender has this version of the item already: "If-None-Match", compared weakly.</summary>
    public static bool IsKnown(HttpRequest request, MediaItem item)
    {
        if (request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }

        var tag = new EntityTagHeaderValue(TagOf(item));
        return request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }

    /// <summary>Reads the versions that the sender allows: "If-Match", compared strongly. Other tags match nothing.</summary>
    /// <returns>The versions; <see langword="null"/> for any.</returns>
    public static IReadOnlyList<long>? VersionsOf(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }

        var tags = request.GetTypedHeaders().IfMatch;
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)) ? null : [.. tags.Where(tag => !tag.IsWeak).Select(VersionOf)];
    }

    private static long VersionOf(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), System.Globalization.NumberStyles.None, null, out var version) ? version : -1;
}
