using MediaAspire.Core.Files;

namespace MediaAspire.Core.Uploads;

/// <summary>Stores parts of uploads in parts, in any order and several at the same time.</summary>
internal sealed class UploadParts(FileWriter files, UploadSessionMetrics metrics)
{
    /// <summary>Stores a part, in the place of the one that had its number.</summary>
    /// <param name="session">The upload.</param>
    /// <param name="number">The number, from 1.</param>
    /// <param name="body">The bytes, exactly as many as the part has.</param>
    /// <param name="cancellationToken">Ends the call; the part is stored or not.</param>
    /// <exception cref="FileWriteException">The body has another length, or the storage servers failed.</exception>
    public async Task<PartResult> PutAsync(UploadSession session, int number, Stream body, CancellationToken cancellationToken)
    {
        if (session.LengthOfPart(number) is not { } length)
        {
            return new(PartOutcome.NoSuchPart, null);
        }

        using var digests = new PieceDigests(session.Target);
        await using var file = await files.BeginAsync(
            new NewFile("upload", "application/octet-stream")
            {
                Length = length,
                Holders = 1,
                NeedsSha256 = false,
                Digests = [.. digests.All],
            },
            cancellationToken);
        await file.WriteAsync(body, length, cancellationToken);
        var (etag, checksum) = digests.Read();
        if (await file.TryCommitAsync(
            UploadCatalog.PutPart(session.Id, number, file.Id, length, etag, checksum), cancellationToken) is null)
        {
            return new(PartOutcome.Closed, null);
        }

        metrics.Appended(length, AppendOutcome.Appended);
        return new(PartOutcome.Stored, etag);
    }
}

/// <summary>The result of putting a part.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="ETag">The MD5 of a part of an object in hexadecimal; <see langword="null"/> for other targets.</param>
public sealed record PartResult(PartOutcome Outcome, string? ETag);

/// <summary>The outcomes of putting a part.</summary>
public enum PartOutcome
{
    /// <summary>The part is on stable storage.</summary>
    Stored,

    /// <summary>The upload has no part of this number.</summary>
    NoSuchPart,

    /// <summary>The upload takes no more parts: it was completed, removed or has expired meanwhile.</summary>
    Closed,
}
