using MediaAspire.Core.Files;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Bytes on stable storage that nothing refers to yet. Commit them with their owner; disposing removes uncommitted ones.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public abstract class StagedBlob(ImageBlob blob) : IAsyncDisposable
{
    /// <summary>Gets the blob, as its row will be.</summary>
    public ImageBlob Blob => blob;

    /// <summary>Gets the reason why the last commit was refused, as the owner's statement named it.</summary>
    public string? Refusal { get; protected set; }

    /// <summary>Adds the blob's row and runs the statements of its owner, in one transaction.</summary>
    /// <param name="owner">
    /// The statements. One of them refuses the transaction with SQLSTATE <c>MA002</c>, for example by
    /// <c>require_met(condition, reason)</c>.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="true"/> when it is committed; <see langword="false"/> when a statement refused it.</returns>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the session has expired.</exception>
    /// <exception cref="Quotas.QuotaExceededException">A quota does not allow what the statements add.</exception>
    /// <exception cref="NpgsqlException">The commit failed, or its outcome is unknown.</exception>
    internal abstract Task<bool> TryCommitAsync(IReadOnlyList<NpgsqlBatchCommand> owner, CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await DisposeCoreAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask DisposeCoreAsync();
}
