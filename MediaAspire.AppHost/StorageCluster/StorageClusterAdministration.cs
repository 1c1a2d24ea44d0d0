using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>Shows each node's status in the dashboard, and adds the commands of the API's admin routes.</summary>
internal static partial class StorageClusterAdministration
{
    internal const string DrainCommand = "drain";
    internal const string UndrainCommand = "undrain";

    /// <summary>The property of a node's resource that holds its status in the cluster.</summary>
    internal const string StatusProperty = "storage.status";

    internal const string HttpClientName = "storage-administration";

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(5);

    /// <summary>Adds the commands <c>drain</c> and <c>undrain</c> to every node, and shows its status in the cluster.</summary>
    /// <param name="cluster">The cluster, with all its nodes.</param>
    /// <param name="api">The API's admin listener.</param>
    public static IResourceBuilder<StorageClusterResource> WithAdministration(
        this IResourceBuilder<StorageClusterResource> cluster, AdminApi api)
    {
        // The client sends a request every few seconds; its log lines would fill the AppHost's log.
        cluster.ApplicationBuilder.Services.AddHttpClient(HttpClientName).RemoveAllLoggers();
        foreach (var node in cluster.Resource.Nodes)
        {
            var name = node.Resource.Name;
            node.WithHttpCommand($"/admin/nodes/{name}/drain", "Drain", () => api.Endpoint, DrainCommand, new HttpCommandOptions
            {
                Description = "Stores no new chunks on this node and moves its copies to the other nodes.",
                ConfirmationMessage = $"Drain {name}? It receives no new chunks, and its copies move to other nodes. Undrain cancels this.",
                IconName = "ArrowExit",
                UpdateState = context => EnabledIf(StatusOf(context) is "online" or "offline"),
                HttpClientName = HttpClientName,
                PrepareRequest = async context => await api.AuthorizeAsync(context.Request, context.CancellationToken),
                GetCommandResult = context => ReportAsync(node.Resource, context),
            });
            node.WithHttpCommand($"/admin/nodes/{name}/undrain", "Undrain", () => api.Endpoint, UndrainCommand, new HttpCommandOptions
            {
                Description = "Cancels a drain: the node receives new chunks again.",
                ConfirmationMessage = $"Undrain {name}? It receives new chunks again. The next rebalance may move copies back to it.",
                IconName = "ArrowEnter",
                UpdateState = context => EnabledIf(StatusOf(context) == "draining"),
                HttpClientName = HttpClientName,
                PrepareRequest = async context => await api.AuthorizeAsync(context.Request, context.CancellationToken),
                GetCommandResult = context => ReportAsync(node.Resource, context),
            });
        }

        cluster.WithReports(api);
        return cluster.OnInitializeResource((resource, initialize, cancellationToken) =>
            FollowAsync(resource, api, initialize, cancellationToken));
    }

    private static ResourceCommandState EnabledIf(bool condition) =>
        condition ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    // Unknown until the API has responded; both commands are disabled until then.
    private static string? StatusOf(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.Properties.FirstOrDefault(property => property.Name == StatusProperty)?.Value as string;

    private static async Task<ExecuteCommandResult> ReportAsync(ProjectResource node, HttpCommandResultContext context)
    {
        if (!context.Response.IsSuccessStatusCode)
        {
            return CommandResults.Failure(await ReasonAsync(context.Response, context.CancellationToken));
        }

        var now = await context.Response.Content.ReadFromJsonAsync<NodeStatus>(context.CancellationToken);
        await ShowAsync(context.Services.GetRequiredService<ResourceNotificationService>(), node, now!.Status);
        return CommandResults.Success($"{node.Name} is {now.Status}.");
    }

    /// <summary>Reads the detail of the problem document, or the status of a response without one.</summary>
    internal static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"The API responded with status {(int)response.StatusCode}.";
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return status;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var problem = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() ?? status : status;
    }

    /// <summary>Polls the API, because nodes are also drained by other means than the dashboard.</summary>
    private static async Task FollowAsync(
        StorageClusterResource cluster, AdminApi api, InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        await initialize.Notifications.WaitForResourceHealthyAsync(
            api.Endpoint.Resource.Name, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

        var clients = initialize.Services.GetRequiredService<IHttpClientFactory>();
        using var timer = new PeriodicTimer(s_pollInterval, TimeProvider.System);
        do
        {
            try
            {
                using var client = clients.CreateClient(HttpClientName);
                client.Timeout = s_pollInterval;
                using var request = await api.CreateRequestAsync(HttpMethod.Get, "/admin/nodes", cancellationToken);
                request.Headers.Add("traceparent", UnsampledTrace());
                using var response = await client.SendAsync(request, cancellationToken);
                var nodes = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<NodeStatus[]>(cancellationToken);
                foreach (var node in cluster.Nodes.Select(node => node.Resource))
                {
                    // A node with a new disk has the same name as the node that it replaces.
                    if (nodes!.Where(status => status.Name == node.Name).MinBy(status => status.Status == "removed") is { } now)
                    {
                        await ShowAsync(initialize.Notifications, node, now.Status);
                    }
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogStatusFailed(initialize.Logger, failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    // With a parent that is not sampled, services do not record spans; the polls would fill the traces.
    private static string UnsampledTrace() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00";

    private static async Task ShowAsync(ResourceNotificationService notifications, ProjectResource node, string status)
    {
        if (notifications.TryGetCurrentState(node.Name, out var current)
            && current.Snapshot.Properties.Any(property => property.Name == StatusProperty && property.Value as string == status))
        {
            return;
        }

        await notifications.PublishUpdateAsync(node, snapshot => snapshot with
        {
            Properties = [.. snapshot.Properties.Where(property => property.Name != StatusProperty), new(StatusProperty, status)],
        });
    }

    [LoggerMessage(LogLevel.Debug, "Reading the status of the nodes from the API failed: {Reason}")]
    private static partial void LogStatusFailed(ILogger logger, string reason);

    /// <summary>The fields of the API's responses that are used here.</summary>
    private sealed record NodeStatus(string Name, string Status);
}
