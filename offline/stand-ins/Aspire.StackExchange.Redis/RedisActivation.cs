using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Opens the connection when the host starts, so that no request thread waits for it.</summary>
internal sealed class RedisActivation(Func<IConnectionMultiplexer> resolveConnection) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(resolveConnection, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
