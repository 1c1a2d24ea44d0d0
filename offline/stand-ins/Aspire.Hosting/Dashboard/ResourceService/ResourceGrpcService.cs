using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>Tells the dashboard about resources and runs its commands.</summary>
internal sealed class ResourceGrpcService(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    IConfiguration configuration,
    AppHostLife appHost,
    TimeProvider timeProvider) : Wire.DashboardService.DashboardServiceBase
{
    private const string AppHostSuffix = "AppHost";

    public override Task<Wire.ApplicationInformationResponse> GetApplicationInformation(
        Wire.ApplicationInformationRequest request, ServerCallContext context)
    {
        var name = configuration["AppHost:DashboardApplicationName"] ?? appHost.Name;
        return Task.FromResult(new Wire.ApplicationInformationResponse { ApplicationName = WithoutSuffix(name) });
    }

    public override Task WatchResources(
        Wire.WatchResourcesRequest request, IServerStreamWriter<Wire.WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        UntilEitherSideEndsAsync(context, async cancellationToken =>
        {
            var isFirst = true;
            var now = timeProvider.GetUtcNow();
            await foreach (var batch in notifications.WatchAsync(cancellationToken).InAvailableBatches(cancellationToken))
            {
                var resources = batch.Select(change => ResourceMessages.ToMessage(change, now));
                await responseStream.WriteAsync(isFirst ? InitialData(resources) : Changes(resources), cancellationToken);
                isFirst = false;
            }
        });

    public override Task WatchResourceConsoleLogs(
        Wire.WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<Wire.WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context) =>
        UntilEitherSideEndsAsync(context, async cancellationToken =>
        {
            var batches = request.SuppressFollow ? loggers.GetAllAsync(request.ResourceName) : loggers.WatchAsync(request.ResourceName);
            await foreach (var batch in batches.WithCancellation(cancellationToken))
            {
                foreach (var message in ConsoleLogMessages.ToMessages(batch))
                {
                    await responseStream.WriteAsync(message, cancellationToken);
                }
            }
        });

    public override async Task<Wire.ResourceCommandResponse> ExecuteResourceCommand(
        Wire.ResourceCommandRequest request, ServerCallContext context) =>
        ToMessage(await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken));

    /// <summary>Keeps the stream open, and never asks anything of the user.</summary>
    /// <remarks>
    /// A dashboard that is told that there are no interactions may take it for a lost connection: it asks for the call's status before
    /// the status is sure to be there.
    /// </remarks>
    public override Task WatchInteractions(
        IAsyncStreamReader<Wire.WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<Wire.WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilEitherSideEndsAsync(context, async cancellationToken =>
        {
            await context.WriteResponseHeadersAsync([]);
            while (await requestStream.MoveNext(cancellationToken))
            {
                // An answer to nothing that was asked.
            }
        });

    private static Wire.WatchResourcesUpdate InitialData(IEnumerable<Wire.Resource> resources)
    {
        var data = new Wire.InitialResourceData();
        data.Resources.AddRange(resources);
        return new Wire.WatchResourcesUpdate { InitialData = data };
    }

    private static Wire.WatchResourcesUpdate Changes(IEnumerable<Wire.Resource> resources)
    {
        var changes = new Wire.WatchResourcesChanges();
        changes.Value.AddRange(resources.Select(resource => new Wire.WatchResourcesChange { Upsert = resource }));
        return new Wire.WatchResourcesUpdate { Changes = changes };
    }

    private static Wire.ResourceCommandResponse ToMessage(ExecuteCommandResult result)
    {
        var message = new Wire.ResourceCommandResponse
        {
            Kind = result switch
            {
                { Canceled: true } => Wire.ResourceCommandResponseKind.Cancelled,
                { Success: true } => Wire.ResourceCommandResponseKind.Succeeded,
                _ => Wire.ResourceCommandResponseKind.Failed,
            },
            Message = result.Message ?? string.Empty,
        };

        if (result.Data is { } data)
        {
            message.Result = new Wire.ResourceCommandResult
            {
                Value = data.Value,
                DisplayImmediately = data.DisplayImmediately,
                Format = data.Format switch
                {
                    CommandResultFormat.Json => Wire.CommandResultFormat.Json,
                    CommandResultFormat.Markdown => Wire.CommandResultFormat.Markdown,
                    _ => Wire.CommandResultFormat.Text,
                },
            };
        }

        return message;
    }

    private static string WithoutSuffix(string name)
    {
        var bare = name.EndsWith(AppHostSuffix, StringComparison.OrdinalIgnoreCase) ? name[..^AppHostSuffix.Length].TrimEnd('.') : name;
        return bare.Length > 0 ? bare : name;
    }

    /// <summary>Runs a stream until the dashboard goes away or the AppHost stops, which would otherwise wait for the stream.</summary>
    private async Task UntilEitherSideEndsAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, appHost.Stopping);
        try
        {
            await stream(ending.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && ending.IsCancellationRequested)
        {
            // An IOException is how a cancelled write ends.
        }
    }
}

/// <summary>What the service knows of the AppHost, which is another host than the one that it runs in.</summary>
internal sealed record AppHostLife(string Name, CancellationToken Stopping);
