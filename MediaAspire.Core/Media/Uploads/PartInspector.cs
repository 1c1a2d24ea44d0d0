using System.Collections.Concurrent;
using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Compares pending parts with the objects in the store.</summary>
public sealed class PartInspector(IObjectStore store, IOptions<MediaUploadOptions> options)
{
    /// <summary>Inspects parts, a few at the same time. An upload in parts that has them all is completed.</summary>
    public async Task<ImmutableArray<PartFinding>> InspectAsync(
        MediaId item, ImmutableArray<MediaPart> parts, CancellationToken cancellationToken)
    {
        if (parts is [var only])
        {
            return [await InspectAsync(item, only, cancellationToken)];
        }

        var findings = new ConcurrentBag<PartFinding>();
        await Parallel.ForEachAsync(
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.ConcurrentChecks, CancellationToken = cancellationToken },
            async (part, token) => findings.Add(await InspectAsync(item, part, token)));
        return [.. findings.OrderBy(finding => finding.Part.Number)];
    }

    private async Task<PartFinding> InspectAsync(MediaId item, MediaPart part, CancellationToken cancellationToken)
    {
        var finding = await FindAsync(part, cancellationToken);
        if (finding.State is not (FindingState.WrongSize or FindingState.WrongHash))
        {
            return finding;
        }

        var key = ObjectKeys.New(item, part.Number);
        return finding with
        {
            NextKey = key,
            NextMultipartId = part.MultipartId is null ? null : await store.BeginMultipartAsync(key, part.ContentType, cancellationToken),
        };
    }

    private async Task<PartFinding> FindAsync(MediaPart part, CancellationToken cancellationToken)
    {
        if (part.MultipartId is { } upload
            && await store.ListPartsAsync(part.ObjectKey, upload, cancellationToken) is { } uploaded
            && await CompleteAsync(part, upload, uploaded, cancellationToken) is { } incomplete)
        {
            return incomplete;
        }

        if (await store.HeadAsync(part.ObjectKey, cancellationToken) is not { } found)
        {
            return new PartFinding(part, FindingState.Missing);
        }

        var sha256 = found.Sha256 is { } bytes ? new Sha256Digest(bytes.Span) : null;
        var state = found.Length != part.Size ? FindingState.WrongSize
            : sha256 is null ? FindingState.Unverified
            : sha256.Equals(part.Sha256) ? FindingState.Verified
            : FindingState.WrongHash;
        return new PartFinding(part, state) { ETag = found.ETag, Size = found.Length, Sha256 = sha256 };
    }

    /// <returns><see langword="null"/> when the upload is complete: the object may exist.</returns>
    private async Task<PartFinding?> CompleteAsync(
        MediaPart part, string upload, IReadOnlyList<UploadedPart> uploaded, CancellationToken cancellationToken)
    {
        var size = uploaded.Sum(each => each.Length);
        var isContiguous = uploaded.Count > 0 && uploaded[^1].Number == uploaded.Count;
        if (size > part.Size)
        {
            return new PartFinding(part, FindingState.WrongSize) { Size = size };
        }

        if (!isContiguous || size < part.Size)
        {
            return new PartFinding(part, FindingState.Missing) { Size = size };
        }

        // False when another request has completed it meanwhile; the object tells.
        await store.CompleteMultipartAsync(part.ObjectKey, upload, uploaded, cancellationToken);
        return null;
    }
}
