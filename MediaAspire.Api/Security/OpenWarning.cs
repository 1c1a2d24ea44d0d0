using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Security;

/// <summary>Warns at each start while <see cref="SecurityOptions.Open"/> is set.</summary>
internal sealed partial class OpenWarning(IOptions<SecurityOptions> options, ILogger<OpenWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Open)
        {
            LogOpen();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Security:Open is true: everybody who reaches this process can read and delete every file")]
    private partial void LogOpen();
}
