using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Tests.Harness;

/// <summary>The admin key of APIs in this process, and clients that send it.</summary>
internal static class TestApiKey
{
    public const string Header = ApiKeyHeaders.Name;

    /// <summary>A key with every scope.</summary>
    public const string Text = "ma_root_TestTestTestTestTestTestTestTestTestTestTestTest";

    /// <summary>Adds authentication and authorization as the API has them, with the admin key; needs an NpgsqlDataSource.</summary>
    public static void AddTestSecurity(this WebApplicationBuilder builder)
    {
        builder.Configuration["Security:AdminKey"] = Text;
        builder.AddSecurityWithLimits();
    }

    /// <summary>Adds authentication and authorization as the API has them, by the settings of the builder.</summary>
    public static void AddSecurityWithLimits(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ITokenSource>(new TestTokens());
        builder.AddRateLimits();
        builder.AddQuotas();
        builder.AddSecurity();
    }

    /// <summary>Starts an API whose key is recorded before the first request.</summary>
    public static async Task StartWithKeyAsync(this WebApplication app)
    {
        await app.Services.GetRequiredService<RootApiKey>().RecordAsync(CancellationToken.None);
        await app.StartAsync();
    }

    /// <summary>Makes a client that sends a key with every request.</summary>
    /// <param name="app">An API that has started.</param>
    /// <param name="key">The key; that with every scope by default.</param>
    public static HttpClient CreateKeyedClient(this WebApplication app, string key = Text)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add(Header, key);
        return client;
    }
}
