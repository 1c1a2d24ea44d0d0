using MediaAspire.Core.Cluster;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>Deletes the rows of deleted and failed files, once no server holds a byte of them.</summary>
internal sealed class FinishedFiles(NpgsqlDataSource database, IOptions<SweepingOptions> options)
{
    private const string NoCopyLeft =
        "NOT EXISTS (SELECT FROM chunks c JOIN chunk_replicas r USING (chunk_id) WHERE c.file_id = f.file_id)";

    /// <summary>Removes the rows of files and their chunks.</summary>
    /// <returns>The number of files that were removed.</returns>
    public async Task<long> RemoveAsync(CancellationToken cancellationToken) =>
        await RemoveAsync($"f.upload_status = 'failed' AND $2::interval IS NOT NULL AND {NoCopyLeft}", cancellationToken)
        + await RemoveAsync($"f.upload_status = 'deleted' AND f.deleted_at < now() - $2 AND {NoCopyLeft}", cancellationToken);

    private async Task<long> RemoveAsync(string condition, CancellationToken cancellationToken)
    {
        var removed = 0L;
        int rows;
        do
        {
            // A chunk that a paused upload adds waits for the lock and then finds no file; a copy that it adds goes with its chunk.
            await using var command = database.CreateCommand($"""
                DELETE FROM files WHERE file_id IN (
                    SELECT f.file_id FROM files f WHERE {condition} AND {DatabaseRestores.NoneOpen} LIMIT $1 FOR UPDATE SKIP LOCKED)
                """);
            command.Parameters.Add(new() { Value = options.Value.PageSize });
            command.Parameters.Add(new() { Value = options.Value.DeletedFilesGrace });
            rows = await command.ExecuteNonQueryAsync(cancellationToken);
            removed += rows;
        }
        while (rows == options.Value.PageSize);

        return removed;
    }
}
