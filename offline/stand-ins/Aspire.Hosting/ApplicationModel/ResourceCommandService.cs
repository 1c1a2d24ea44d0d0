using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs commands on resources.</summary>
public partial class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _serviceProvider;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider serviceProvider)
    {
        _notifications = notifications;
        _loggers = loggers;
        _serviceProvider = serviceProvider;
    }

    /// <summary>Runs a command on every instance of a resource.</summary>
    /// <returns>Success where it succeeded on all; otherwise a message that names the instances.</returns>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var instances = resource.GetInstanceNames();
        var results = await Task.WhenAll(instances.Select(instance => ExecuteAsync(resource, instance, commandName, cancellationToken)));

        if (results.All(result => result.Success))
        {
            return results[0];
        }

        var failures = results.Zip(instances).Where(pair => !pair.First.Success).Select(pair => $"{pair.Second}: {pair.First.Message}");
        return results.All(result => result.Canceled) ? CommandResults.Canceled() : CommandResults.Failure(string.Join("; ", failures));
    }

    /// <summary>Runs a command on one instance, or on a resource that has only one.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _notifications.TryGetCurrentState(resourceId, out var current)
            ? ExecuteAsync(current.Resource, current.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}', or it has more than one instance."));

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string instance, string commandName, CancellationToken cancellationToken)
    {
        var log = _loggers.GetLogger(instance);
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(candidate => candidate.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"Resource '{resource.Name}' has no command '{commandName}'.");
        }

        try
        {
            var result = await command.ExecuteCommand(new()
            {
                Services = _serviceProvider,
                ResourceName = instance,
                CancellationToken = cancellationToken,
                Logger = log,
            });
            LogExecuted(log, commandName, result.Success, result.Message);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogFailed(log, exception, commandName);
            return CommandResults.Failure(exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Ran command '{Command}': success {Success}. {Message}")]
    private static partial void LogExecuted(ILogger logger, string command, bool success, string? message);

    [LoggerMessage(LogLevel.Error, "Command '{Command}' failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string command);
}
