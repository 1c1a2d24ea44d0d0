using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Runs the queue's scripts, each within a limit, and says in the queue's own words when Redis does not answer.</summary>
internal sealed class RedisJobCommands(IConnectionMultiplexer connection, IOptions<JobOptions> options, TimeProvider time)
{
    private const string Prefix = "{mediaaspire-jobs}:";

    private static readonly RedisKey[] s_keys = [Prefix];

    /// <summary>Where scripts publish that a job may have become due.</summary>
    public static RedisChannel DueChannel { get; } = new(Prefix + "due", RedisChannel.PatternMode.Literal);

    public IConnectionMultiplexer Connection => connection;

    /// <returns>The script's answer, which Redis gives once what the script wrote is in the append-only file.</returns>
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
