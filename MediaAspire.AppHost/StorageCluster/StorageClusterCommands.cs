using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>The commands of the whole cluster in the dashboard. Each shows the API's response.</summary>
internal static class StorageClusterCommands
{
    internal const string IntegrityCommand = "integrity";
    internal const string ScrubCommand = "scrub";

    /// <summary>Adds the commands <c>integrity</c> and <c>scrub</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="api">The API's admin listener.</param>
    public static IResourceBuilder<StorageClusterResource> WithReports(
        this IResourceBuilder<StorageClusterResource> cluster, AdminApi api) =>
        cluster
            .WithCommand(
                IntegrityCommand,
                "Integrity report",
                context => SendAsync(context, api, HttpMethod.Get, "/admin/integrity", "This is the integrity report of the cluster."),
                new CommandOptions
                {
                    Description = "Shows the chunks and copies that are lost, missing, damaged or too few.",
                    IconName = "ShieldCheckmark",
                    UpdateState = EnabledWhileRunning,
                })
            .WithCommand(
                ScrubCommand,
                "Scrub",
                context => SendAsync(
                    context, api, HttpMethod.Post, "/admin/scrub/start", "The scrub has started. GET /admin/scrub shows its progress."),
                new CommandOptions
                {
                    Description = "Reads every copy back from its disk and verifies it, up to the configured rate.",
                    ConfirmationMessage = "Read every copy back from its disk now?",
                    IconName = "DocumentSearch",
                    UpdateState = EnabledWhileRunning,
                });

    private static ResourceCommandState EnabledWhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static async Task<ExecuteCommandResult> SendAsync(
        ExecuteCommandContext context, AdminApi api, HttpMethod method, string path, string success)
    {
        if (!api.Endpoint.IsAllocated)
        {
            return CommandResults.Failure($"{api.Endpoint.Resource.Name} is not running. Start it first.");
        }

        var clients = context.Services.GetRequiredService<IHttpClientFactory>();
        using var client = clients.CreateClient(StorageClusterAdministration.HttpClientName);
        using var request = await api.CreateRequestAsync(method, path, context.CancellationToken);
        try
        {
            using var response = await client.SendAsync(request, context.CancellationToken);
            return response.IsSuccessStatusCode
                ? CommandResults.Success(
                    success,
                    await response.Content.ReadAsStringAsync(context.CancellationToken),
                    CommandResultFormat.Json,
                    displayImmediately: true)
                : CommandResults.Failure(await StorageClusterAdministration.ReasonAsync(response, context.CancellationToken));
        }
        catch (HttpRequestException failure)
        {
            return CommandResults.Failure($"The request to {api.Endpoint.Resource.Name} failed: {failure.Message}");
        }
    }
}
