namespace MediaAspire.Core.Fetching;

/// <summary>A name of a host, or all names below one.</summary>
internal readonly struct HostPattern
{
    private const string Wildcard = "*.";

    private readonly string _name;
    private readonly bool _isWild;

    private HostPattern(string text)
    {
        _isWild = text.StartsWith(Wildcard, StringComparison.Ordinal);
        _name = _isWild ? text[1..] : text;
    }

    public static HostPattern[] ParseAll(string list) => [.. FetchingLists.Split(list).Select(item => new HostPattern(item))];

    public static bool IsValid(string text)
    {
        var name = text.StartsWith(Wildcard, StringComparison.Ordinal) ? text[Wildcard.Length..] : text;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown;
    }

    /// <param name="host">A name without a dot at its end.</param>
    public bool Matches(string host) => _isWild
        ? host.Length > _name.Length && host.EndsWith(_name, StringComparison.OrdinalIgnoreCase)
        : host.Equals(_name, StringComparison.OrdinalIgnoreCase);
}
