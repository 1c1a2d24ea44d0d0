using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Images;

/// <summary>Asks an external judge whether the bytes of an upload are wanted. Thread-safe.</summary>
internal sealed class ImageValidator(IHttpClientFactory clients, IOptions<ImageValidationOptions> options, TimeProvider time)
{
    public const string ClientName = "image-validation";

    /// <summary>Judges a file.</summary>
    /// <returns>The refusal; <see langword="null"/> for a file that is accepted, and without a judge.</returns>
    /// <exception cref="HttpRequestException">The judge could not be reached, or failed with a status of 5xx.</exception>
    /// <exception cref="TimeoutException">The judge did not answer in time.</exception>
    public async Task<ImageFailure?> JudgeAsync(string path, ImageFormat format, CancellationToken cancellationToken)
    {
        if (options.Value.Url.Length == 0)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = new StreamContent(file) };
        request.Content.Headers.ContentType = new(ImageFormats.MediaTypeOf(format));
        try
        {
            using var response = await clients.CreateClient(ClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if ((int)response.StatusCode >= 500)
            {
                // The judge is out of order: it has not refused the image.
                throw new HttpRequestException(
                    $"The external validation answered {(int)response.StatusCode}.", inner: null, response.StatusCode);
            }

            return response.IsSuccessStatusCode
                ? null
                : new("failed-external-validation", "The external validation of this platform has refused the file.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The external validation did not answer within {options.Value.Timeout}.");
        }
    }
}
