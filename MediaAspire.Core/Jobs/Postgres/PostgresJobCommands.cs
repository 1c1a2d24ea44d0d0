using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Makes and runs the statements of the queue's tables, and translates the failures of PostgreSQL.</summary>
internal sealed class PostgresJobCommands(NpgsqlDataSource database, IOptions<JobOptions> options)
{
    /// <summary>
    /// For what only moves a job that is on stable storage already: after a crash it is run again, as at least once allows.
    /// </summary>
    /// <remarks>The tables are empty at times, and a plan made then would read all of them when they are long.</remarks>
    private const string WithoutFsync = "SELECT set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true)";

    private readonly int _timeoutSeconds = (int)Math.Ceiling(options.Value.CommandTimeout.TotalSeconds);

    public NpgsqlCommand Create(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = _timeoutSeconds;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Makes a transaction of statements, of which the first returns nothing of interest.</summary>
    public NpgsqlBatch CreateWithoutFsync(params ReadOnlySpan<NpgsqlBatchCommand> statements)
    {
        var batch = database.CreateBatch();
        batch.Timeout = _timeoutSeconds;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(WithoutFsync));
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        return batch;
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Create(sql, parameters);
        return await RunAsync(command.ExecuteNonQueryAsync, cancellationToken);
    }

    /// <exception cref="JobQueueUnavailableException">PostgreSQL cannot be reached, or does not serve.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException && !IsAboutData(exception))
        {
            throw new JobQueueUnavailableException($"The job queue in PostgreSQL is not available: {exception.Message}", exception);
        }
    }

    // Classes 22 and 23: data exception, integrity constraint violation.
    private static bool IsAboutData(Exception exception) => exception is PostgresException { SqlState: ['2', '2' or '3', ..] };
}
