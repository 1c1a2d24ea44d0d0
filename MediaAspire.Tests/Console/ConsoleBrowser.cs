using Microsoft.Playwright;

namespace MediaAspire.Tests.Console;

/// <summary>The distribution's Chromium, started by the first test that needs it. eng/install-clients.sh installs it.</summary>
/// <remarks>The tests of a collection run one after the other, so that one start is enough.</remarks>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // Without a sandbox, because tests run as root in containers; and without anything that would call home.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ConsoleView? _signedIn;
    private IPage? _comparer;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Opens the page that tests share, signed in: a page costs a process, and a load of all scripts.</summary>
    /// <remarks>It keeps its theme and its size; its problems are those since it was last shown.</remarks>
    internal async Task<ConsoleView> OpenSharedAsync(Uri address, string key) => _signedIn ??= await OpenAsync(address, key);

    /// <summary>Opens a page in a profile of its own.</summary>
    /// <param name="address">The address of a listener of the API.</param>
    /// <param name="key">The API key to sign in with; <see langword="null"/> to stay signed out.</param>
    internal async Task<ConsoleView> OpenAsync(Uri address, string? key)
    {
        var browser = await LaunchedAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = 1440, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
            ColorScheme = ColorScheme.Light,
            Locale = "en-US",
            TimezoneId = "UTC",
        });
        if (key is not null)
        {
            var response = await context.APIRequest.PostAsync("/console/session", new()
            {
                DataObject = new { key },
                Headers = [new("X-MediaAspire-Console", "1"), new("Origin", address.GetLeftPart(UriPartial.Authority))],
            });
            Assert.True(response.Status == 204, await response.TextAsync());
        }

        return await ConsoleView.CreateAsync(context);
    }

    /// <summary>Computes the share of pixels, 0 to 1, that differ visibly between two PNGs; 1 for different sizes.</summary>
    internal async Task<double> CompareAsync(byte[] left, byte[] right)
    {
        if (left.AsSpan().SequenceEqual(right))
        {
            return 0;
        }

        _comparer ??= await (await LaunchedAsync()).NewPageAsync();
        return await _comparer.EvaluateAsync<double>(
            """
            async ([left, right]) => {
              const pixels = async (text) => {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
                const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
                context.drawImage(bitmap, 0, 0);
                return context.getImageData(0, 0, bitmap.width, bitmap.height);
              };
              const [a, b] = [await pixels(left), await pixels(right)];
              if (a.width !== b.width || a.height !== b.height) return 1;
              let different = 0;
              for (let i = 0; i < a.data.length; i += 4) {
                if (Math.abs(a.data[i] - b.data[i]) > 40 || Math.abs(a.data[i + 1] - b.data[i + 1]) > 40
                  || Math.abs(a.data[i + 2] - b.data[i + 2]) > 40) different++;
              }
              return different / (a.width * a.height);
            }
            """,
            new[] { Convert.ToBase64String(left), Convert.ToBase64String(right) });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchedAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing. Run eng/install-clients.sh.");
        _playwright ??= await Playwright.CreateAsync();
        return _browser ??= await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Executable, Headless = true, Args = s_arguments });
    }
}
