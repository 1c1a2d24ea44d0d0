using Microsoft.Playwright;

namespace MediaAspire.Tests.Console;

/// <summary>The distribution's Chromium, started once for a test class. eng/install-clients.sh installs it.</summary>
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
    private IPage? _comparer;

    private IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser is not started.");

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing. Run eng/install-clients.sh.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Executable, Headless = true, Args = s_arguments });
        _comparer = await _browser.NewPageAsync();
    }

    /// <summary>Opens a page in a profile of its own.</summary>
    /// <param name="address">The address of a listener of the API.</param>
    /// <param name="key">The API key to sign in with; <see langword="null"/> to stay signed out.</param>
    internal async Task<ConsoleView> OpenAsync(Uri address, string? key)
    {
        var context = await Browser.NewContextAsync(new()
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
    internal async Task<double> CompareAsync(byte[] left, byte[] right) =>
        left.AsSpan().SequenceEqual(right) ? 0 : await _comparer!.EvaluateAsync<double>(
        """
        async ([left, right]) => {
          const pixels = async (text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
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

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
