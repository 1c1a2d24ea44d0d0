using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Opens the next generation after one was closed.</summary>
public sealed partial class GenerationOpener(
    GenerationTable table,
    GenerationLease lease,
    GenerationHistory history,
    IConnectionMultiplexer connection,
    IOptions<MetadataOptions> options,
    TimeProvider time,
    ILogger<GenerationOpener> logger)
{
    // Older servers store scripts, and so do not forget them in a restart.
    private static readonly Version s_oldest = new(7, 0);

    /// <summary>Opens the next generation when the current one is closed, and Redis responds.</summary>
    /// <returns>The reason why none could be opened, a sentence; <see langword="null"/> when one is hot.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public async Task<string?> TryOpenAsync(CancellationToken cancellationToken)
    {
        var closed = await lease.RenewAsync(cancellationToken);
        if (closed.IsHot)
        {
            return null;
        }

        if (await FindProblemAsync(cancellationToken) is { } problem)
        {
            return problem;
        }

        await lease.WaitUntilUnreadAsync(closed, cancellationToken);
        var nonce = GenerationScript.NewName();
        if (await TryLoadAsync(nonce, cancellationToken) is { } failure)
        {
            return failure;
        }

        var isOpen = await table.TryOpenAsync(closed.Nonce, nonce, cancellationToken);
        var current = await lease.RenewAsync(cancellationToken);
        if (isOpen)
        {
            LogOpened(current.Number);
        }

        return current.IsHot ? null : current.Reason;
    }

    private async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            // As quick as reads need it.
            var database = connection.GetDatabase();
            await database.PingAsync().WaitAsync(options.Value.ReadTimeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return $"Redis does not respond within {options.Value.ReadTimeout.TotalMilliseconds} ms.";
        }

        return Primaries().FirstOrDefault(server => server.Version < s_oldest) is { } old
            ? $"Redis is version {old.Version}. The catalog needs 7.0 or newer, which does not store scripts."
            : null;
    }

    private async Task<string?> TryLoadAsync(string nonce, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var server in Primaries())
            {
                await server.ScriptLoadAsync(GenerationScript.TextOf(nonce))
                    .WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
            }

            // Also proves that Redis accepts writes.
            await history.AddAsync(nonce, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return $"Redis did not accept a new generation: {failure.Message}";
        }
    }

    private IEnumerable<IServer> Primaries() => connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false });

    [LoggerMessage(LogLevel.Information, "Opened generation {Generation} of the catalog in Redis")]
    private partial void LogOpened(long generation);
}
