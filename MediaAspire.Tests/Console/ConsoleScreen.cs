namespace MediaAspire.Tests.Console;

/// <summary>A page of the console that is tested in a browser.</summary>
/// <param name="Name">The beginning of the names of its screenshots.</param>
/// <param name="Path">Its path on the admin listener.</param>
/// <param name="Heading">The text of its first heading.</param>
/// <param name="Live">A selector of what differs from run to run, such as times and counters; screenshots hide it.</param>
internal sealed record ConsoleScreen(string Name, string Path, string Heading, string? Live = null)
{
    /// <summary>Gets a value indicating whether the browser is signed in.</summary>
    public bool IsSignedIn { get; init; } = true;

    public override string ToString() => Name;
}
