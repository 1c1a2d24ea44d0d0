using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace MediaAspire.Tests.Console;

/// <summary>A page in the browser, and its problems: errors of scripts, failed requests, violations of the content policy.</summary>
internal sealed class ConsoleView : IAsyncDisposable
{
    // A browser that is not signed in asks for its session.
    private const string SignedOut = "status of 401";

    private const string StandStill =
        "* { transition: none !important; animation: none !important; caret-color: transparent !important }";

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _problems = new();

    private ConsoleView(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Gets what went wrong so far.</summary>
    public IReadOnlyList<string> Problems => [.. _problems];

    public static async Task<ConsoleView> CreateAsync(IBrowserContext context)
    {
        var view = new ConsoleView(context, await context.NewPageAsync());
        await view.Page.AddInitScriptAsync(
            """
            document.addEventListener('securitypolicyviolation', (event) =>
              console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
            """);
        view.Page.Console += (_, message) =>
        {
            if (message.Type == "error"
                && !(message.Text.Contains(SignedOut, StringComparison.Ordinal)
                    && message.Location.Contains("/console/session", StringComparison.Ordinal)))
            {
                view._problems.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        view.Page.PageError += (_, error) => view._problems.Enqueue(error);
        return view;
    }

    /// <summary>Shows a screen, and waits until it has its data and its fonts.</summary>
    public async Task ShowAsync(ConsoleScreen screen)
    {
        _problems.Clear();
        await Page.GotoAsync(screen.Path);
        await Page.GetByRole(AriaRole.Heading, new() { Name = screen.Heading, Exact = true }).First.WaitForAsync();
        await Page.WaitForFunctionAsync(
            "() => document.querySelector('[aria-busy=\"true\"]') === null && document.fonts.status === 'loaded'");
    }

    public async Task SetAsync(int width, ColorScheme scheme)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await Page.SetViewportSizeAsync(width, width < 600 ? 740 : 900);
    }

    /// <remarks>The browser's own options for this add an inline style, which the policy of the console forbids.</remarks>
    public async Task<byte[]> ScreenshotAsync(ConsoleScreen screen)
    {
        await StyleAsync($"{StandStill} {screen.ScreenshotStyle}");
        var screenshot = await Page.ScreenshotAsync(
            new() { Animations = ScreenshotAnimations.Allow, Caret = ScreenshotCaret.Initial });
        await StyleAsync("");
        return screenshot;
    }

    /// <summary>Asserts that axe finds nothing.</summary>
    /// <remarks>Axe runs within the page: its package for Playwright opens a second page for each run, and transfers all results.</remarks>
    public async Task AssertAccessibleAsync(string where)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await Page.EvaluateAsync($"() => {{ {s_axe} }}");
        }

        var violations = await Page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, help, nodes }) =>
              `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`)
            """);
        Assert.True(violations.Length == 0, $"{where}: {string.Join("\n", violations)}");
    }

    /// <summary>Asserts that nothing is cut off or scrolls sideways.</summary>
    public async Task AssertFitsAsync(string where)
    {
        var over = await Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - window.innerWidth");
        Assert.True(over <= 0, $"{where} is {over} px wider than the window.");
    }

    public void AssertNoProblems() => Assert.True(_problems.IsEmpty, string.Join("\n", _problems));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private async Task StyleAsync(string style) => await Page.EvaluateAsync(
        """
        (style) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(style);
          document.adoptedStyleSheets = [sheet];
        }
        """,
        style);
}
