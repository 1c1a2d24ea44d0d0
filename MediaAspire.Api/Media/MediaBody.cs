using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Reads the JSON bodies of the media routes.</summary>
internal static class MediaBody
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">The body's type.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The value, or the problem with the body.</returns>
    /// <exception cref="BadHttpRequestException">The body has more than <see cref="MaxBytes"/>, or ends too early.</exception>
    public static async ValueTask<(T? Value, ProblemHttpResult? Problem)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, MediaErrors.NotJson(request.ContentType));
        }

        try
        {
            return await request.ReadFromJsonAsync(type, cancellationToken) is { } value
                ? (value, null)
                : (null, MediaErrors.Malformed("$", "The body is null."));
        }
        catch (JsonException malformed)
        {
            return (null, MediaErrors.Malformed(malformed.Path, malformed.Message));
        }
    }
}
