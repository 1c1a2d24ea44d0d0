using MediaAspire.Api.Http;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Images;

/// <summary>A form with images that is being received: each part named <c>images[]</c> becomes an upload as it comes.</summary>
/// <remarks>The form is streamed and never buffered. The caller removes the uploads of a form that was not received whole.</remarks>
internal sealed class ImageForm(HttpRequest request, ImageUploads uploads, QuotaGate quotas, ImageUploadOptions options)
{
    private const int BufferBytes = 128 * 1024;
    private const int MaxFieldBytes = 1024;
    private const long FormOverheadBytes = 1024 * 1024;
    private const string FilePart = "images[]";

    private readonly List<ImageUploadId> _received = [];

    /// <summary>Gets the uploads so far.</summary>
    public IReadOnlyList<ImageUploadId> Received => _received;

    /// <summary>Receives the form to its end.</summary>
    /// <param name="owner">The owner of the images; <see langword="null"/> for none.</param>
    /// <param name="room">The most bytes that its quota allows.</param>
    /// <param name="wishes">The wishes of the request.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The problem with the form; <see langword="null"/> for none.</returns>
    /// <exception cref="QuotaExceededException">A file is longer than the quota allows.</exception>
    public async Task<ProblemHttpResult?> ReceiveAsync(
        OwnerId? owner, long room, UploadWishes wishes, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var mediaType)
            || !mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return ImageErrors.UnsupportedMediaType(request.ContentType);
        }

        if (HeaderUtilities.RemoveQuotes(mediaType.Boundary) is not { Length: >= 1 and <= 70 } boundary)
        {
            return ImageErrors.MissingBoundary();
        }

        var largest = Math.Min(options.MaxSize, wishes.MaxFileSize ?? long.MaxValue);
        var largestForm = (options.MaxSize * options.MaxFiles) + FormOverheadBytes;
        if (request.ContentLength > largestForm)
        {
            return ImageErrors.FileTooLarge(largest);
        }

        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = largestForm;
        try
        {
            return await ReadAsync(boundary.ToString(), owner, room, wishes, largest, cancellationToken);
        }
        catch (FileWriteException failure)
        {
            if (failure.Failure == FileWriteFailure.TooLarge && room < largest)
            {
                // Throws the refusal, unless room was made while the body came.
                await quotas.RequireAsync(owner!.Value, room + 1, objects: 1, cancellationToken);
            }

            return ImageErrors.WriteFailed(failure, largest);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException and not BadHttpRequestException
            && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return ImageErrors.MalformedMultipart(malformed.Message);
        }
    }

    private async Task<ProblemHttpResult?> ReadAsync(
        string boundary, OwnerId? owner, long room, UploadWishes wishes, long largest, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(boundary, request.Body, BufferBytes) { BodyLengthLimit = null, HeadersLengthLimit = 16 * 1024 };
        var length = new MultipartLength(request.ContentLength, boundary);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            length.Pass(section);
            var disposition = section.GetContentDispositionHeader();
            var isFile = disposition is not null && disposition.IsFileDisposition()
                && HeaderUtilities.RemoveQuotes(disposition.Name).Equals(FilePart, StringComparison.Ordinal);
            if (!isFile)
            {
                if (await PassFieldAsync(section, length, cancellationToken) is { } problem)
                {
                    return problem;
                }

                continue;
            }

            if (_received.Count == options.MaxFiles)
            {
                return ImageErrors.TooManyFiles(options.MaxFiles);
            }

            var estimate = length.EstimateRest();
            if (await uploads.ReceiveAsync(owner, wishes, section.Body, Math.Min(largest, room), estimate, cancellationToken)
                is not { } received)
            {
                return ImageErrors.EmptyFile();
            }

            _received.Add(received);
        }

        return _received.Count == 0 ? ImageErrors.NoFiles() : null;
    }

    private static async Task<ProblemHttpResult?> PassFieldAsync(
        MultipartSection section, MultipartLength length, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var read = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        length.PassBody(read);
        return read <= MaxFieldBytes
            ? null
            : ImageErrors.MalformedMultipart($"a field other than \"{FilePart}\" is longer than {MaxFieldBytes} bytes.");
    }
}
