using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>Files of one run: sent whole, and written down once, by the commit.</summary>
/// <remarks>
/// No session stands for them while they are sent. What a killed process leaves on a node is unknown to every row, and goes by the orphan
/// sweep; <c>admit_chunk()</c> keeps that sweep and a commit that took too long apart.
/// </remarks>
public sealed partial class FileUpload
{
    /// <summary>Gets whether all bytes of the file were one run.</summary>
    private bool IsShort { get; set; }

    /// <summary>Hashes the only run of the file and starts to make it durable. The caller keeps its reference.</summary>
    private void SendWhole(BlockRun run, CancellationToken cancellationToken)
    {
        // A body of the wrong length is refused by WriteAsync; there is no use in sending it.
        if (_file.Length is { } declared && declared != run.Length)
        {
            return;
        }

        // So few bytes are hashed sooner than another thread would begin.
        var bytes = run.Data.Span;
        _hashes.Append(bytes);
        foreach (var digest in _file.Digests)
        {
            digest.Append(bytes);
        }

        IsShort = true;
        AddChunk(offset: 0, run.Length).BeginStore(run, _hashes.EndChunk(), cancellationToken);
    }

    private async Task<StoredFileSummary?> TryCommitShortAsync(WrittenChunk written, CommitCondition? condition, CancellationToken cancellationToken)
    {
        var chunk = _chunks[0];
        var failed = chunk.ServersTried.Select(server => server.Id).Except(written.Servers).ToList();
        var stored = new StoredShortChunk(written, chunk.Planned.Servers[0], failed);
        var completion = await _services.Catalog.StoreAsync(
            Id, _file, written.Sha256, stored, _context.Copies, condition, mayBeVisible => _committing = mayBeVisible, cancellationToken);
        return completion.Outcome switch
        {
            CompletionOutcome.SessionLost => throw SessionLost(),
            CompletionOutcome.ConditionUnmet => null,
            _ => Committed(completion.CompletedAt),
        };
    }
}
