using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>Warns at each start that the process runs without the cluster's token.</summary>
internal sealed partial class OpenClusterWarning(IOptions<ClusterOptions> options, ILogger<OpenClusterWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsOpen && options.Value.Token.Length == 0)
        {
            LogOpen();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "Security:Open is true and Cluster:Token is empty: anyone who reaches the nodes can read and delete every chunk. "
        + "For development only")]
    private partial void LogOpen();
}
