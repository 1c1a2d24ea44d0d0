using System.Text.Json;
using System.Text.Json.Serialization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Duties;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The comparisons and rebuilds: requested by operators and the worker, run by the worker one at a time.</summary>
public sealed class MetadataRuns(NpgsqlDataSource database)
{
    private const string Columns =
        """
        run_id, kind, state, source, is_dry_run, requested_at, started_at, ended_at, items_total, items_done, counts, examples, error
        """;

    private const int Kept = 100;

    /// <summary>Requests a run, and wakes the worker.</summary>
    /// <returns>The id of the run; that of an open one of the same kind if there is one, and then <c>IsNew</c> is false.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<(Guid Id, bool IsNew)> RequestAsync(string kind, string? source, bool isDryRun, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO metadata_runs (run_id, kind, source, is_dry_run) VALUES ($1, $2, $3, $4)
            ON CONFLICT (kind) WHERE state IN ('waiting', 'running') DO NOTHING
            """)
        {
            Parameters = { new() { Value = id }, new() { Value = kind }, NullableParameter.Text(source), new() { Value = isDryRun } },
        });
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Metadata));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        var runs = await ListAsync("kind = $1 AND (state IN ('waiting', 'running') OR run_id = $2)", [kind, id], cancellationToken);
        return runs.Any(run => run.Id == id) || runs.Count == 0 ? (id, true) : (runs[0].Id, false);
    }

    /// <summary>Finds the run to do now: one that was interrupted, which begins again, or the one that waits longest.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<MetadataRun?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE metadata_runs SET state = 'running', started_at = clock_timestamp(), items_done = 0, counts = DEFAULT,
                examples = DEFAULT, items_total = (SELECT count(*) FROM media)
            WHERE run_id = (
                SELECT r.run_id FROM metadata_runs r WHERE r.state IN ('waiting', 'running') ORDER BY r.state, r.requested_at LIMIT 1)
            RETURNING {Columns}
            """);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Records the progress of a run.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public Task ReportAsync(Guid run, MetadataTally tally, CancellationToken cancellationToken) =>
        UpdateAsync(run, "state = 'running'", tally, error: null, cancellationToken);

    /// <summary>Records the end of a run, and forgets old ones.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tally">The counts.</param>
    /// <param name="error">Why it failed; <see langword="null"/> when it did not.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task EndAsync(Guid run, MetadataTally tally, string? error, CancellationToken cancellationToken)
    {
        await UpdateAsync(
            run, $"state = '{(error is null ? "done" : "failed")}', ended_at = clock_timestamp()", tally, error, cancellationToken);
        await using var command = database.CreateCommand(
            """
            DELETE FROM metadata_runs WHERE state IN ('done', 'failed')
            AND requested_at < (SELECT r.requested_at FROM metadata_runs r ORDER BY r.requested_at DESC OFFSET $1 LIMIT 1)
            """);
        command.Parameters.Add(new() { Value = Kept });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds a run.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<MetadataRun?> FindAsync(Guid run, CancellationToken cancellationToken) =>
        (await ListAsync("run_id = $1", [run], cancellationToken)).SingleOrDefault();

    /// <summary>Lists runs of some kinds, the newest first.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public Task<IReadOnlyList<MetadataRun>> ListAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellationToken) =>
        ListAsync("kind = ANY ($1)", [kinds.ToArray()], cancellationToken);

    private async Task UpdateAsync(Guid run, string state, MetadataTally tally, string? error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"UPDATE metadata_runs SET {state}, items_done = $2, counts = $3, examples = $4, error = $5 WHERE run_id = $1");
        command.Parameters.Add(new() { Value = run });
        command.Parameters.Add(new() { Value = tally.Done });
        command.Parameters.Add(Json(JsonSerializer.Serialize(tally.Counts, RunJson.Default.DictionaryStringInt64)));
        command.Parameters.Add(Json(JsonSerializer.Serialize(tally.Examples, RunJson.Default.ListMetadataExample)));
        command.Parameters.Add(NullableParameter.Text(error));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<MetadataRun>> ListAsync(string condition, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM metadata_runs WHERE {condition} ORDER BY requested_at DESC, run_id DESC");
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<List<MetadataRun>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<MetadataRun>();
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add(new(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetBoolean(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                reader.GetInt64(8),
                reader.GetInt64(9),
                JsonSerializer.Deserialize(reader.GetString(10), RunJson.Default.DictionaryStringInt64)!,
                JsonSerializer.Deserialize(reader.GetString(11), RunJson.Default.ListMetadataExample)!,
                reader.IsDBNull(12) ? null : reader.GetString(12)));
        }

        return runs;
    }

    private static NpgsqlParameter Json(string json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };
}

/// <summary>The JSON of the columns of a run.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(List<MetadataExample>))]
internal sealed partial class RunJson : JsonSerializerContext;
