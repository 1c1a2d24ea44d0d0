using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Opens connections, and gives an attempt up that never ends.</summary>
/// <remarks>
/// <c>ConnectionMultiplexer.Connect</c> of version 1.2.6 waits for its task without a limit once its own limit has passed (it reads
/// <c>task.Result</c>), and a container that makes its singleton under a lock would then wait for ever. A failed attempt is made anew
/// by whoever asks next.
/// </remarks>
internal static class RedisConnector
{
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(2);

    /// <exception cref="TimeoutException">No answer within the options' connect timeout, tried as often as they say.</exception>
    public static ConnectionMultiplexer Connect(ConfigurationOptions options)
    {
        var limit = (TimeSpan.FromMilliseconds(options.ConnectTimeout) * Math.Max(1, options.ConnectRetry)) + s_slack;
        var connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(options));
        if (connecting.Wait(limit))
        {
            return connecting.Result;
        }

        // Should the attempt end after all, its connection is closed and its failure observed.
        _ = connecting.ContinueWith(
            late =>
            {
                if (late.IsCompletedSuccessfully)
                {
                    late.Result.Dispose();
                }
                else
                {
                    _ = late.Exception;
                }
            },
            TaskScheduler.Default);
        throw new TimeoutException($"The Redis server gave no answer within {limit}.");
    }
}
