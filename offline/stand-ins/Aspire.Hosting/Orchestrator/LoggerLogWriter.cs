using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Writes the logs of all resources into the AppHost's own log, where tests read them.</summary>
internal sealed partial class LoggerLogWriter(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IHostApplicationLifetime lifetime,
    IHostEnvironment environment,
    ILoggerFactory loggerFactory) : ResourceLogForwarder(notifications, loggers, lifetime)
{
    /// <inheritdoc />
    protected override void Forward(IResource resource, string instance, LogLine line)
    {
        var logger = loggerFactory.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        if (line.IsErrorMessage)
        {
            LogError(logger, line.LineNumber, line.Content);
        }
        else
        {
            LogLine(logger, line.LineNumber, line.Content);
        }
    }

    [LoggerMessage(LogLevel.Information, "{LineNumber}: {LineContent}")]
    private static partial void LogLine(ILogger logger, int lineNumber, string lineContent);

    [LoggerMessage(LogLevel.Error, "{LineNumber}: {LineContent}")]
    private static partial void LogError(ILogger logger, int lineNumber, string lineContent);
}
