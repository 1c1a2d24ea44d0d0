using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Rows of completed files and their copies, without bytes.</summary>
internal static class CopyRows
{
    /// <summary>Adds files of one chunk each, whose copies have the given servers and states.</summary>
    public static async Task AddAsync(NpgsqlDataSource database, (ServerId Server, string Status)[] copies, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (file, chunk) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            await using var batch = database.CreateBatch();
            batch.BatchCommands.Add(new(
                """
                INSERT INTO files (file_id, filename, content_type, total_size, checksum, upload_status, copies, completed_at)
                VALUES ($1, 'a', 'a/b', 1, decode(repeat('00', 32), 'hex'), 'completed', 2, now())
                """)
            { Parameters = { new() { Value = file } } });
            batch.BatchCommands.Add(new(
                "INSERT INTO chunks (chunk_id, file_id, chunk_number, chunk_offset, chunk_size) VALUES ($1, $2, 0, 0, 1)")
            { Parameters = { new() { Value = chunk }, new() { Value = file } } });
            foreach (var (server, status) in copies)
            {
                batch.BatchCommands.Add(new("INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES ($1, $2, $3)")
                {
                    Parameters = { new() { Value = chunk }, new() { Value = server.Value }, new() { Value = status } },
                });
            }

            await batch.ExecuteNonQueryAsync();
        }
    }
}
