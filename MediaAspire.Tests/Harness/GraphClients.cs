using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Harness;

/// <summary>Clients of a running graph.</summary>
internal static class GraphClients
{
    /// <summary>Creates a client of an endpoint of the API that sends the graph's own key.</summary>
    public static async Task<HttpClient> CreateApiClientAsync(this DistributedApplication app, string endpoint)
    {
        var client = app.CreateHttpClient("api", endpoint);
        client.DefaultRequestHeaders.Add(TestApiKey.Header, await app.GetSecretAsync("admin-key"));
        return client;
    }

    /// <summary>Gets the API key that a client sends.</summary>
    public static string KeyOf(this HttpClient client) => client.DefaultRequestHeaders.GetValues(TestApiKey.Header).Single();

    /// <summary>Gets the value of a parameter of the graph.</summary>
    public static async Task<string> GetSecretAsync(this DistributedApplication app, string parameter) =>
        (await app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>()
            .Single(resource => resource.Name == parameter).GetValueAsync(CancellationToken.None))!;
}
