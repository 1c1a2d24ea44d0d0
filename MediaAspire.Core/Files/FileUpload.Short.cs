using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>Files of one run: sent whole, and recorded once, by the commit.</summary>
/// <remarks>
/// They have no session and no row while they are sent. Chunks that a killed process leaves on a node are deleted by the orphan sweep;
/// <c>admit_chunk()</c> refuses a late commit whose chunk that sweep has already seen.
/// </remarks>
public sealed partial class FileUpload
{
    /// <summary>Hashes the only run of the file and starts to make it durable. The caller keeps its reference.</summary>
    private void SendWhole(BlockRun run, CancellationToken cancellationToken)
    {
        // A body of the wrong length is refused by WriteAsync, so it is not sent.
        if (_file.Length is { } declared && declared != run.Length)
        {
            return;
        }

        // Hashing a short file takes less time than starting another thread.
        var bytes = run.Data.Span;
        _hashes.Append(bytes);
        foreach (var digest in _file.Digests)
        {
            digest.Append(bytes);
        }

        _state.BeginShort();
        AddChunk(offset: 0, run.Length).BeginStore(run, _hashes.EndChunk(), cancellationToken);
    }

    private async Task<StoredFileSummary?> TryCommitShortAsync(
        WrittenChunk written, CommitCondition? condition, CancellationToken cancellationToken)
    {
        var chunk = _chunks[0];
        var failed = chunk.ServersTried.Select(server => server.Id).Except(written.Servers).ToList();
        var stored = new StoredShortChunk(written, chunk.Planned.Servers[0], failed);
        return Settle(
            await _services.Catalog.StoreAsync(Id, _file, written.Sha256, stored, _context.Copies, condition, cancellationToken));
    }
}
