namespace MediaAspire.Tests.Console;

/// <summary>The pages that are tested in a browser: one line each. Approve their screenshots with MEDIAASPIRE_UPDATE_SNAPSHOTS=1.</summary>
internal static class ConsoleScreens
{
    // On every page: what its author marked, times, and the state of the stream of events.
    public const string AlwaysLive = "[data-live], time";

    public static IReadOnlyList<ConsoleScreen> All { get; } =
    [
        new("sign-in", "/console", "Sign in to MediaAspire") { IsSignedIn = false },
    ];
}
