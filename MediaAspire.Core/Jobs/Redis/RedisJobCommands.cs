using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Runs the queue's scripts, each within a limit, and translates the failures of Redis.</summary>
internal sealed class RedisJobCommands(IConnectionMultiplexer connection, IOptions<JobOptions> options, TimeProvider time)
{
    private const string Prefix = "{mediaaspire-jobs}:";

    private static readonly RedisKey[] s_keys = [Prefix];

    /// <summary>The channel on which scripts publish that a job may be due.</summary>
    public static RedisChannel DueChannel { get; } = new(Prefix + "due", RedisChannel.PatternMode.Literal);

    public IConnectionMultiplexer Connection => connection;

    /// <returns>The script's result, which Redis returns once the script's writes are in the append-only file.</returns>
    /// <exception cref="JobQueueUnavailableException">Redis cannot be reached, or refused the script.</exception>
    public async Task<RedisResult> RunAsync(string script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.GetDatabase().ScriptEvaluateAsync(script, s_keys, arguments)
                .WaitAsync(options.Value.CommandTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw Unavailable(exception);
        }
    }

    public static JobQueueUnavailableException Unavailable(Exception exception) =>
        new($"The job queue in Redis is not available: {exception.Message}", exception);
}
