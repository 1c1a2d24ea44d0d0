using System.Net;
using System.Text.RegularExpressions;
using MediaAspire.Api.Reference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Reference;

public sealed partial class ReferencePagesTests
{
    [Fact]
    public async Task Scalar_WithoutTheInternet_HasAllItsPartsFromTheApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddReference();
        await using var app = builder.Build();
        app.MapReference();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single() + "/scalar/") };

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
