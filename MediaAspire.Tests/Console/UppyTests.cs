using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using MediaAspire.Api.Uploads;
using MediaAspire.Tests.Clients;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Console;

/// <summary>Uppy and its plug-in for tus in a real browser, against the real graph.</summary>
[Collection(GraphGroup.Name)]
public sealed class UppyTests(GraphFixture graph, ConsoleBrowser browser)
{
    private const string Path = "/uppy-in-a-test";

    [Fact]
    public async Task Uppy_resumes_after_a_pause_and_a_lost_network()
    {
        var script = await BundleAsync();
        await using var view = await browser.OpenAsync(graph.Api.BaseAddress!, key: null);
        var page = view.Page;

        // The page comes from this test, at the address of the API, so that its requests are those of a page of the same site.
        await page.RouteAsync($"**{Path}*", route => route.FulfillAsync(route.Request.Url.EndsWith(".js", StringComparison.Ordinal)
            ? new() { ContentType = "text/javascript", Body = script }
            : new() { ContentType = "text/html", Body = $"<!doctype html><title>Uppy</title><script src='{Path}.js'></script>" }));
        await page.GotoAsync(Path);
        await page.EvaluateAsync(
            "([endpoint, key]) => uppyUpload(endpoint, key)",
            new[] { new Uri(graph.Api.BaseAddress!, "/uploads").ToString(), graph.Api.KeyOf() });

        await page.WaitForFunctionAsync("() => uppyState.paused > 0");
        Assert.False(await page.EvaluateAsync<bool>("() => uppyState.isDone === true"));
        await page.EvaluateAsync("() => uppyResume()");
        await page.WaitForFunctionAsync("() => uppyState.sent > 6 * 1024 * 1024");
        await page.Context.SetOfflineAsync(true);
        await page.Context.SetOfflineAsync(false);
        await page.WaitForFunctionAsync("() => uppyState.isDone");

        var done = JsonSerializer.Deserialize<UppyState>(
            await page.EvaluateAsync<string>("() => JSON.stringify(uppyState)"), JsonSerializerOptions.Web)!;
        Assert.Null(done.Failure);
        var upload = (await graph.Api.GetFromJsonAsync<UploadResponse>(new Uri(done.Address!).AbsolutePath))!;
        Assert.Equal(done.Size, upload.Length);
        using var file = await graph.Api.GetAsync(upload.Result!.Address);
        Assert.Equal("application/x-own", file.Content.Headers.ContentType!.ToString());
        Assert.Equal(done.Sha256, Convert.ToHexStringLower(SHA256.HashData(await file.Content.ReadAsByteArrayAsync())));
    }

    private static async Task<string> BundleAsync()
    {
        using var directory = new TemporaryDirectory();
        var bundle = System.IO.Path.Combine(directory.Path, "uppy.js");
        var source = ClientRun.Script("uppy_page.mjs");

        // eng/install-clients.sh has put the packages beside the builds of this project.
        var modules = System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "node_modules"));
        await ClientProcess.RunAsync("node", "nodejs", new Dictionary<string, string?>(), [
            System.IO.Path.Combine(modules, "esbuild", "bin", "esbuild"), source, "--bundle", "--format=iife", $"--outfile={bundle}",
            "--log-level=warning"]);
        return await File.ReadAllTextAsync(bundle);
    }

    /// <summary>The result that the page reports.</summary>
    private sealed record UppyState(long Size, string Sha256, string? Address, string? Failure);
}
