using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using MediaAspire.Api.Uploads;
using MediaAspire.Tests.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Console;

/// <summary>Uploads by the console that are interrupted, against the real graph.</summary>
/// <remarks>
/// MEDIAASPIRE_CONSOLE_UPLOAD is the size in bytes of an upload that is interrupted by a reload and by a killed API; without it that test is
/// skipped. MEDIAASPIRE_CONSOLE_PICTURES is a directory for pictures of it.
/// </remarks>
[Collection(GraphGroup.Name)]
public sealed class ConsoleUploadTests(GraphFixture graph, ConsoleBrowser browser, ITestOutputHelper output)
{
    private const string SizeSetting = "MEDIAASPIRE_CONSOLE_UPLOAD";
    private const string PicturesSetting = "MEDIAASPIRE_CONSOLE_PICTURES";
    private const long Short = 24 << 20;
    private const int ShortBytesPerSecond = 8 << 20;

    // The first upload of the queue, as the page keeps it.
    private const string Entry = "(JSON.parse(localStorage.getItem('mediaaspire.uploads') ?? '[]')[0] ?? {})";

    private static readonly long s_long =
        long.Parse(Environment.GetEnvironmentVariable(SizeSetting) ?? "0", CultureInfo.InvariantCulture);

    [Fact]
    public Task An_upload_continues_after_a_reload_of_the_page() => UploadAsync(Short, isKilled: false);

    [LongFact]
    public Task An_upload_continues_after_a_reload_of_the_page_and_a_killed_API() => UploadAsync(s_long, isKilled: true);

    private async Task UploadAsync(long size, bool isKilled)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "film.bin");
        var wanted = await WriteAsync(path, size);
        await using var view = await browser.OpenAsync(graph.Admin.BaseAddress!, graph.Admin.KeyOf());
        await view.ShowAsync(ConsoleScreens.Of("uploads"));
        if (!isKilled)
        {
            // So that there is a middle.
            var session = await view.Page.Context.NewCDPSessionAsync(view.Page);
            await session.SendAsync("Network.enable");
            await session.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false,
                ["latency"] = 0,
                ["downloadThroughput"] = -1,
                ["uploadThroughput"] = ShortBytesPerSecond,
            });
        }

        await ChooseAsync(view, path);
        await WaitAsync(view, $"{Entry}.sent > {size / 4}");
        await KeepPictureAsync(view, "1-sending");

        await view.Page.ReloadAsync();
        await view.Page.GetByText("Interrupted at").WaitForAsync();
        Assert.InRange(await view.Page.EvaluateAsync<double>($"{Entry}.sent"), 1, size - 1);
        await KeepPictureAsync(view, "2-reloaded");
        await ChooseAsync(view, path);

        if (isKilled)
        {
            await WaitAsync(view, $"{Entry}.sent > {size / 2}");
            await graph.KillAsync("api");
            await KeepPictureAsync(view, "3-killed");
            await graph.RestartAsync("api");
        }

        await WaitAsync(view, $"{Entry}.status === 'done'");
        await KeepPictureAsync(view, "4-done");
        var address = new Uri(graph.Api.BaseAddress!, new Uri(await view.Page.EvaluateAsync<string>($"{Entry}.url")).AbsolutePath);
        var upload = (await graph.Api.GetFromJsonAsync<UploadResponse>(address))!;
        using var response = await graph.Api.GetAsync(upload.Result!.Address, HttpCompletionOption.ResponseHeadersRead);
        await using var content = await response.Content.ReadAsStreamAsync();
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content));
        Assert.Equal((size, wanted), (response.Content.Headers.ContentLength, found));
        output.WriteLine($"{size} bytes, SHA-256 {found} before and after");
    }

    private static async Task ChooseAsync(ConsoleView view, string path)
    {
        await view.Page.GetByLabel("Files to upload").SetInputFilesAsync(path);
        await view.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
    }

    private static async Task WaitAsync(ConsoleView view, string condition)
    {
        var patience = TimeSpan.FromMinutes(s_long > 0 ? 20 : 1);
        await view.Page.WaitForFunctionAsync(
            $"() => {condition}", null, new() { PollingInterval = 50, Timeout = (float)patience.TotalMilliseconds });
    }

    private static async Task KeepPictureAsync(ConsoleView view, string name)
    {
        if (Environment.GetEnvironmentVariable(PicturesSetting) is { Length: > 0 } directory)
        {
            await File.WriteAllBytesAsync(Path.Combine(directory, name + ".png"), await view.Page.ScreenshotAsync(
                new() { Animations = ScreenshotAnimations.Allow, Caret = ScreenshotCaret.Initial }));
        }
    }

    private static async Task<string> WriteAsync(string path, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.Create(path);
        var block = new byte[1 << 20];
        for (var left = size; left > 0; left -= block.Length)
        {
            RandomNumberGenerator.Fill(block);
            var bytes = block.AsMemory(0, (int)Math.Min(left, block.Length));
            hash.AppendData(bytes.Span);
            await file.WriteAsync(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class LongFactAttribute : FactAttribute
    {
        public LongFactAttribute() => Skip = s_long == 0 ? $"{SizeSetting} is not set." : null;
    }
}
