using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Images;

/// <summary>Makes images of uploads. Thread-safe.</summary>
/// <remarks>Idempotent: of several runs for one upload, the first to end decides. All bytes are judged in a process of their own.</remarks>
internal sealed partial class ImageIngestor(
    ImageUploads uploads,
    ImageBlobs blobs,
    FileCatalog files,
    IImageProcessor processor,
    ImageValidator validator,
    ScratchDirectory scratch,
    EagerVariants eager,
    IOptionsMonitor<ImageLimitOptions> limits,
    TimeProvider time,
    ILogger<ImageIngestor> logger)
{
    private const string UnknownOwner = "MA004";

    /// <summary>Makes the image of an upload, or records why there is none.</summary>
    /// <returns>
    /// <c>stored</c>, <c>nothing-to-do</c>, or the code of the failure. An exception says that it could not be tried.
    /// </returns>
    public async Task<string> IngestAsync(ImageUploadId upload, CancellationToken cancellationToken)
    {
        if (await uploads.FindWaitingAsync(upload, cancellationToken) is not { } waiting
            || await files.FindHeldAsync(waiting.File, cancellationToken) is not { } file)
        {
            return "nothing-to-do";
        }

        var path = scratch.NewFile();
        try
        {
            var bytes = new ImageBlob(BlobId.New(time), file.ContentType, file.Size, file.Sha256!) { File = file.Id, Stored = file };
            await blobs.CopyToAsync(bytes, path, cancellationToken);
            return await IngestAsync(upload, waiting.Wishes, bytes, path, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Records that no attempt has succeeded.</summary>
    public async Task GiveUpAsync(ImageUploadId upload, CancellationToken cancellationToken)
    {
        await uploads.FailAsync(
            upload, new("processing-failed", "The platform could not process the image now. Upload it again later."), cancellationToken);
        LogGivenUp(upload);
    }

    private async Task<string> IngestAsync(
        ImageUploadId upload, UploadWishes wishes, ImageBlob bytes, string path, CancellationToken cancellationToken)
    {
        var probed = await processor.ProbeAsync(path, wishes.Lower(limits.CurrentValue.ToLimits()), cancellationToken);
        var failure = probed.Value is not { } details
            ? probed.Failure!
            : wishes.Refuse(details) ?? await validator.JudgeAsync(path, details.Format, cancellationToken);
        if (failure is null)
        {
            failure = await StoreAsync(upload, wishes, probed.Value!, bytes, path, cancellationToken);
            if (failure is null)
            {
                LogStored(upload, bytes.Size);
                return "stored";
            }
        }

        return await uploads.FailAsync(upload, failure, cancellationToken) ? failure.Code : "nothing-to-do";
    }

    /// <returns>The failure; <see langword="null"/> when the image is stored, or the upload had ended.</returns>
    private async Task<ImageFailure?> StoreAsync(
        ImageUploadId upload,
        UploadWishes wishes,
        ImageDetails details,
        ImageBlob bytes,
        string path,
        CancellationToken cancellationToken)
    {
        var contentType = ImageFormats.MediaTypeOf(details.Format);
        await using var staged = await blobs.FindCurrentStoreAsync(cancellationToken) == ImageStore.Chunks
            ? blobs.Adopt(bytes.File!.Value, contentType, bytes.Size, bytes.Sha256)
            : await blobs.StageAsync(path, contentType, cancellationToken);
        var alias = wishes.Alias is { } wanted ? new ImageAlias(wanted) : ImageAlias.New(details.Format);
        try
        {
            switch (await uploads.CompleteAsync(upload, staged, details, alias, wishes.IsCached, cancellationToken))
            {
                case null:
                    await eager.AskAsync(alias, details, cancellationToken);
                    return null;
                case "not-waiting":
                    return null;
                case "duplicate-alias":
                    return new("duplicate-alias", $"The alias '{alias}' exists already. Choose another one.");
                case var reason:
                    throw new System.Diagnostics.UnreachableException($"Unknown refusal '{reason}' of an image.");
            }
        }
        catch (QuotaExceededException exceeded)
        {
            return new("quota-exceeded", $"{exceeded.Refusal} Nothing was kept. Delete something, or ask an operator for a larger quota.");
        }
        catch (PostgresException refusal) when (refusal.SqlState == UnknownOwner)
        {
            return new("owner-unknown", "The owner of the upload was removed. Nothing was kept.");
        }
    }

    [LoggerMessage(LogLevel.Debug, "Stored the image of upload {Upload}: {Size} bytes")]
    private partial void LogStored(ImageUploadId upload, long size);

    [LoggerMessage(LogLevel.Warning, "No attempt at the image of upload {Upload} succeeded; the upload has failed")]
    private partial void LogGivenUp(ImageUploadId upload);
}
