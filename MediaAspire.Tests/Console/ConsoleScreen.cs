namespace MediaAspire.Tests.Console;

/// <summary>A page of the console that is tested in a browser.</summary>
/// <param name="Name">The beginning of the names of its screenshots.</param>
/// <param name="Path">Its path on the admin listener.</param>
/// <param name="Heading">The text of its first heading.</param>
internal sealed record ConsoleScreen(string Name, string Path, string Heading)
{
    // What its author marked, and times.
    private const string HideLive = "[data-live], time { visibility: hidden !important }";

    // Everything below the head of the page.
    private const string HideContent = HideLive + " .page > :not(.page-head), .page-head p { display: none !important }";

    /// <summary>Gets a value indicating whether the browser is signed in.</summary>
    public bool IsSignedIn { get; init; } = true;

    /// <summary>
    /// Gets a value indicating whether its content is always the same. That of others depends on what the graph's other tests have stored,
    /// so their screenshots show the frame and the head only; axe, errors and widths cover the content.
    /// </summary>
    public bool IsFixed { get; init; }

    /// <summary>Gets the style that hides what a screenshot must not compare.</summary>
    public string ScreenshotStyle => IsFixed ? HideLive : HideContent;
}
