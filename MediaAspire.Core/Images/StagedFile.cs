using MediaAspire.Core.Files;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>A staged blob in the chunk store.</summary>
internal sealed class StagedFile(ImageBlob blob, FileUpload upload) : StagedBlob(blob)
{
    /// <inheritdoc/>
    internal override async Task<bool> TryCommitAsync(IReadOnlyList<NpgsqlBatchCommand> owner, CancellationToken cancellationToken)
    {
        var condition = new CommitCondition([BlobRows.Insert(Blob), .. owner]);
        var stored = await upload.TryCommitAsync(condition, cancellationToken);
        Refusal = condition.Reason;
        return stored is not null;
    }

    protected override ValueTask DisposeCoreAsync() => upload.DisposeAsync();
}
