using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>The runs that look for images whose bytes are missing. Thread-safe.</summary>
public sealed class ImagePrunes(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "prune_id, state, is_dry_run, total, done, missing, position, error, started_at, ended_at";

    /// <summary>Starts a run, unless one runs.</summary>
    /// <returns>The run; <see langword="null"/> when one runs already.</returns>
    public async Task<Guid?> TryStartAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO image_prunes (prune_id, state, is_dry_run, total) SELECT $1, 'running', $2, count(*) FROM images
            ON CONFLICT DO NOTHING RETURNING prune_id
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(time.GetUtcNow()) });
        command.Parameters.Add(new() { Value = isDryRun });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Finds the latest run.</summary>
    public Task<ImagePrune?> FindLatestAsync(CancellationToken cancellationToken) =>
        FindAsync($"SELECT {Columns} FROM image_prunes ORDER BY started_at DESC LIMIT 1", [], cancellationToken);

    /// <summary>Finds a run that is not over.</summary>
    public Task<ImagePrune?> FindRunningAsync(Guid id, CancellationToken cancellationToken) => FindAsync(
        $"SELECT {Columns} FROM image_prunes WHERE prune_id = $1 AND state = 'running'", [new() { Value = id }], cancellationToken);

    /// <summary>Finds a run without progress for a time, whose job may be lost.</summary>
    public Task<ImagePrune?> FindStalledAsync(TimeSpan since, CancellationToken cancellationToken) => FindAsync(
        $"SELECT {Columns} FROM image_prunes WHERE state = 'running' AND progress_at < now() - $1",
        [new() { Value = since }],
        cancellationToken);

    /// <summary>Records that images were looked at, unless another process was faster.</summary>
    /// <param name="run">The run as it was before.</param>
    /// <param name="position">The last image.</param>
    /// <param name="done">The number of images.</param>
    /// <param name="missing">The number of those whose bytes are missing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The run now; <see langword="null"/> when it is over, or another process goes on with it.</returns>
    public Task<ImagePrune?> RecordAsync(ImagePrune run, ImageId position, long done, long missing, CancellationToken cancellationToken) =>
        FindAsync(
            $"""
            UPDATE image_prunes SET position = $2, done = done + $3, missing = missing + $4, progress_at = now(),
                total = greatest(total, done + $3)
            WHERE prune_id = $1 AND state = 'running' AND position IS NOT DISTINCT FROM $5 RETURNING {Columns}
            """,
            [
                new() { Value = run.Id }, new() { Value = position.Value }, new() { Value = done }, new() { Value = missing },
                new() { Value = (object?)run.Position?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
            ],
            cancellationToken);

    /// <summary>Ends a run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="error">The reason why it failed; <see langword="null"/> for a success.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task EndAsync(Guid id, string? error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE image_prunes SET state = CASE WHEN $2 IS NULL THEN 'done' ELSE 'failed' END, error = $2, ended_at = now(),
                total = CASE WHEN $2 IS NULL THEN done ELSE total END
            WHERE prune_id = $1 AND state = 'running'
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Database.NullableParameter.Text(error));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<ImagePrune?> FindAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2))
            {
                Total = reader.GetInt64(3),
                Done = reader.GetInt64(4),
                Missing = reader.GetInt64(5),
                Position = reader.IsDBNull(6) ? null : new ImageId(reader.GetGuid(6)),
                Error = reader.IsDBNull(7) ? null : reader.GetString(7),
                StartedAt = reader.GetFieldValue<DateTimeOffset>(8),
                EndedAt = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
            }
            : null;
    }
}

/// <summary>A run that looks for images whose bytes are missing.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="IsDryRun">A value indicating whether it only reports.</param>
public sealed record ImagePrune(Guid Id, string State, bool IsDryRun)
{
    /// <summary>Gets the number of images to look at.</summary>
    public long Total { get; init; }

    /// <summary>Gets the number of images that were looked at.</summary>
    public long Done { get; init; }

    /// <summary>Gets the number of images whose bytes are missing.</summary>
    public long Missing { get; init; }

    /// <summary>Gets the last image that was looked at.</summary>
    public ImageId? Position { get; init; }

    /// <summary>Gets the reason why it failed.</summary>
    public string? Error { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The job that looks for images whose bytes are missing.</summary>
/// <param name="PruneId">The run's id.</param>
public sealed record PruneImages(Guid PruneId)
{
    public static JobKind<PruneImages> Kind { get; } = new("image-prune", PruneImagesJson.Default.PruneImages);

    /// <summary>Makes the job; at most one waits.</summary>
    public static NewJob Of(Guid run, TimeProvider time) => Kind.Create(new(run), time) with { UniqueKey = $"{run}" };
}

[JsonSerializable(typeof(PruneImages))]
internal sealed partial class PruneImagesJson : JsonSerializerContext;
