using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Staging;
using MediaAspire.Worker.Queue;

namespace MediaAspire.Worker.Splitting;

/// <summary>Stores a staged value on the storage nodes, switches its name to the file, and frees the value.</summary>
/// <remarks>
/// Idempotent: the switch happens in the transaction that makes the file visible, and only while the version is current and staged. Of two
/// runs at once one wins and the other removes what it wrote; a run after the switch only frees.
/// </remarks>
internal sealed partial class SplitFileHandler(
    NamedFileCatalog names,
    StagingArea staging,
    StagingOwner owner,
    FileWriter writer,
    SplittingMetrics metrics,
    TimeProvider time,
    ILogger<SplitFileHandler> logger)
    : IJobHandler<SplitFile>
{
    private const string ContentType = "application/octet-stream";

    public async Task HandleAsync(SplitFile payload, JobContext job, CancellationToken cancellationToken)
    {
        var version = new StagingId(payload.Version);
        var startedAt = time.GetTimestamp();
        if (await names.FindStagedAsync(version, cancellationToken) is { } staged)
        {
            await owner.EnsureAsync(version, cancellationToken);
            var file = await SplitAsync(staged.File, staged.Name, cancellationToken);
            metrics.Split(file is not null, time.GetElapsedTime(startedAt));
            LogSplit(version, file?.Id);
        }
        else if (await owner.CheckAsync(cancellationToken) is { } reason)
        {
            // The version may be current in the database that it was put with: the job is kept, and so are the bytes.
            throw new InvalidOperationException(reason);
        }

        await staging.FreeAsync(version, cancellationToken);
    }

    /// <returns>The file; null when the version was replaced, or split by another run, meanwhile.</returns>
    private async Task<StoredFileSummary?> SplitAsync(NamedFile version, string name, CancellationToken cancellationToken)
    {
        await using var upload = await writer.BeginAsync(
            new NewFile(FilenameOf(name), ContentType) { Length = version.Size }, cancellationToken);
        await using (
            var bytes = new StagedStream(staging.ReadAsync(version.Version, version.Size, offset: 0, cancellationToken), cancellationToken))
        {
            await upload.WriteAsync(bytes, version.Size, cancellationToken);
        }

        // A damaged value is kept and retried, not rejected: the operator may bring Redis's file back.
        if (!upload.Sha256!.Equals(version.Sha256))
        {
            throw new InvalidDataException(
                $"The staged value {version.Version} has the SHA-256 {upload.Sha256}, not {version.Sha256} as when it was put.");
        }

        return await NamedFileCatalog.SwitchAsync(version.Version, upload, cancellationToken);
    }

    // Clients may name files like paths; a stored file's name is one that can be saved under.
    internal static string FilenameOf(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return string.IsNullOrWhiteSpace(last) || last is "." or ".." ? "data" : last;
    }

    [LoggerMessage(LogLevel.Debug, "Split version {Version} into file {File}")]
    private partial void LogSplit(StagingId version, FileId? file);
}
