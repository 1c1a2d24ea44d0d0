using System.Collections.Immutable;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Api.Media;

/// <summary>Makes the answers about items whose parts are being uploaded.</summary>
internal static class UploadResponses
{
    /// <param name="item">The item.</param>
    /// <param name="uploads">The uploads that are expected, in the order of their parts.</param>
    public static MediaResponse Of(MediaItem item, ImmutableArray<PartUpload> uploads) =>
        MediaResponses.Of(
            item, [.. item.Parts.Select(part => Of(part, uploads.FirstOrDefault(upload => upload.Part.Number == part.Number)))]);

    private static MediaPartResponse Of(MediaPart part, PartUpload? upload) => upload switch
    {
        null => MediaResponses.Of(part),
        { PartSize: { } partSize } => MediaResponses.Of(part) with
        {
            Multipart = new MultipartUploadResponse(partSize, [.. upload.Requests.Select(Of)]),
        },
        _ => MediaResponses.Of(part) with { Upload = Of(upload.Requests[0]) },
    };

    private static UploadResponse Of(PresignedRequest request) =>
        new("PUT", request.Url.AbsoluteUri, request.Headers, request.ExpiresAt);
}

/// <summary>The requests that upload a large part in parts. Send all of them, in any order, and then finalize the item.</summary>
/// <param name="PartSize">The size of each request's body but the last, in bytes.</param>
/// <param name="Requests">The requests, in the order of the bytes.</param>
public sealed record MultipartUploadResponse(long PartSize, IReadOnlyList<UploadResponse> Requests);
