using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Reads the JSON bodies of the media routes.</summary>
internal static class MediaBody
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a body of at most 1 MiB. Unknown fields are refused.</summary>
    /// <returns>The value, or the problem with the request.</returns>
    /// <exception cref="BadHttpRequestException">The body is too large, or the client stopped sending it.</exception>
    public static async Task<(T? Value, ProblemHttpResult? Problem)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, MediaErrors.UnsupportedBody(http.Request.ContentType));
        }

        if (http.Request.ContentLength > MaxBytes)
        {
            return (null, MediaErrors.BodyTooLarge(MaxBytes));
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } value
                ? (value, null)
                : (null, MediaErrors.MalformedBody(path: null));
        }
        catch (JsonException failure)
        {
            return (null, MediaErrors.MalformedBody(failure.Path));
        }
    }
}
