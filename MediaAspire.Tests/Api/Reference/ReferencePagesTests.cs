using System.Net;
using System.Text.RegularExpressions;
using MediaAspire.Api.Reference;
using MediaAspire.Api.Security;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Reference;

public sealed partial class ReferencePagesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Scalar_WithoutTheInternet_HasAllItsPartsFromTheApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(postgres.Database);
        builder.AddReference();
        builder.AddTestSecurity();
        await using var app = builder.Build();
        app.UseRouting();
        app.UseSecurity();
        app.MapReference();
        await app.StartWithKeyAsync();
        using var client = app.CreateKeyedClient();
        client.BaseAddress = new Uri(app.Urls.Single() + "/scalar/");

        var page = await client.GetStringAsync(new Uri("", UriKind.Relative));

        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.Contains("\"telemetry\":false", Spaces().Replace(page, ""), StringComparison.Ordinal);
        Assert.Contains("\"withDefaultFonts\":false", Spaces().Replace(page, ""), StringComparison.Ordinal);
        var scripts = Scripts().Matches(page).Select(match => match.Groups["source"].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var response = await client.GetAsync(new Uri(script, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [GeneratedRegex("""src="(?<source>[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Scripts();

    [GeneratedRegex(@"\s")]
    private static partial Regex Spaces();
}
