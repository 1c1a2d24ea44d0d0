using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Counts the tables; costs as much as they are long.</summary>
internal sealed class PostgresJobStats(PostgresJobCommands commands) : IJobStats
{
    private const string Count = """
        SELECT kind, coalesce(j.ready, 0), coalesce(j.delayed, 0), coalesce(j.running, 0), coalesce(d.dead, 0),
            coalesce(j.oldest, interval '0')
        FROM (
            SELECT kind, count(*) FILTER (WHERE run_at <= now()) AS ready,
                count(*) FILTER (WHERE run_at > now() AND NOT running) AS delayed,
                count(*) FILTER (WHERE run_at > now() AND running) AS running,
                now() - min(run_at) FILTER (WHERE run_at <= now()) AS oldest
            FROM jobs GROUP BY kind) AS j
        FULL JOIN (SELECT kind, count(*) AS dead FROM dead_jobs GROUP BY kind) AS d USING (kind)
        ORDER BY kind
        """;

    public async Task<IReadOnlyList<JobKindStats>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = commands.Create(Count);
        return await PostgresJobCommands.RunAsync(token => ReadAsync(command, token), cancellationToken);
    }

    private static async Task<IReadOnlyList<JobKindStats>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var kinds = new List<JobKindStats>();
        while (await reader.ReadAsync(cancellationToken))
        {
            kinds.Add(new(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetFieldValue<TimeSpan>(5)));
        }

        return kinds;
    }
}
