using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>Reads the parameters of requests on multipart uploads.</summary>
internal static class UploadTarget
{
    public const int MaxPartNumber = 10_000;

    /// <summary>Finds the upload that a request names, for an operation whose action the dispatch has allowed.</summary>
    /// <exception cref="S3Exception">The key has no such upload in progress.</exception>
    /// <exception cref="InvalidOperationException">The operation has no action, so nobody has checked the permission.</exception>
    public static async Task<MultipartUpload> FindAsync(
        S3Request request, MultipartCatalog uploads, CancellationToken cancellationToken, bool includeCompleted = false)
    {
        if (request.Operation.Action is null)
        {
            throw new InvalidOperationException($"{request.Operation.Name} has no action, so its sender's permission was not checked.");
        }

        var upload = await TryFindAsync(request, uploads, cancellationToken);
        return upload is not null && (includeCompleted || upload.CompletedVersion is null) ? upload : throw NoSuchUpload(request);
    }

    /// <summary>Finds the upload that a request names, for an action that its initiator is allowed unless a policy denies it.</summary>
    /// <exception cref="S3Exception">The sender is not allowed the action, or the key has no such upload in progress.</exception>
    public static async Task<MultipartUpload> FindAsync(
        S3Request request, string action, MultipartCatalog uploads, IS3Authorizer authorizer, CancellationToken cancellationToken)
    {
        var found = await TryFindAsync(request, uploads, cancellationToken);
        var upload = found is { CompletedVersion: null } ? found : null;
        authorizer.AuthorizeUpload(request, action, upload);
        return upload ?? throw NoSuchUpload(request);
    }

    /// <summary>Gets the checksum algorithm of the upload's parts; <see langword="null"/> when their senders choose it.</summary>
    public static ChecksumAlgorithm? Algorithm(MultipartUpload upload) =>
        ChecksumNames.TryParseAlgorithm(upload.Attributes.Checksum?.Algorithm, out var algorithm) ? algorithm : null;

    public static int PartNumber(S3Request request) =>
        int.TryParse(request.Parameter("partNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is >= 1 and <= MaxPartNumber
            ? number
            : throw MultipartErrors.InvalidPartNumber(request.Parameter("partNumber")).ToException();

    /// <summary>Reads a limit on the entries of a response: 0 to 2,147,483,647, and at most <paramref name="most"/>.</summary>
    public static int Limit(S3Request request, string name, int most) => request.Parameter(name) switch
    {
        null or "" => most,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) => Math.Min(limit, most),
        { } text => throw S3Errors.InvalidArgument(name, text, $"Provided {name} not an integer or within integer range").ToException(),
    };

    private static async Task<MultipartUpload?> TryFindAsync(
        S3Request request, MultipartCatalog uploads, CancellationToken cancellationToken) =>
        UploadId.TryParse(request.Parameter("uploadId") ?? "", out var id)
            ? await uploads.FindAsync(request.Bucket.Id, request.Key, id, cancellationToken)
            : null;

    private static S3Exception NoSuchUpload(S3Request request) =>
        MultipartErrors.NoSuchUpload(request.Parameter("uploadId") ?? "").ToException();
}
