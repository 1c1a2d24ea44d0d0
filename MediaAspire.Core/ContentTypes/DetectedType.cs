namespace MediaAspire.Core.ContentTypes;

/// <summary>A type of content, as its first bytes tell it.</summary>
/// <param name="Name">The media type, such as <c>image/png</c>.</param>
/// <param name="Content">The sort of content.</param>
/// <param name="AlsoDeclared">
/// Other media types by which such content is rightly declared; a <c>*</c> at the end stands for any characters.
/// </param>
public sealed record DetectedType(string Name, ContentSort Content, params string[] AlsoDeclared)
{
    private static readonly string[] s_noClaims = ["", "application/octet-stream", "binary/octet-stream"];

    /// <summary>Determines whether a declared media type is right for this content.</summary>
    /// <param name="declared">A media type, with or without parameters.</param>
    public bool Fits(string declared)
    {
        var bare = Bare(declared);
        return bare == Name || IsNoClaim(declared) || AlsoDeclared.Any(
            other => other.EndsWith('*') ? bare.StartsWith(other.AsSpan(..^1), StringComparison.Ordinal) : bare == other);
    }

    /// <summary>Determines whether a declared media type says nothing about the content.</summary>
    public static bool IsNoClaim(string declared) => s_noClaims.Contains(Bare(declared));

    /// <summary>Gets a media type in lower case, without parameters.</summary>
    public static string Bare(string declared)
    {
        var end = declared.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? declared : declared[..end]).Trim().ToLowerInvariant();
    }
}

/// <summary>The sorts of content that the rules for kinds tell apart.</summary>
public enum ContentSort
{
    Image,
    Video,
    Audio,
    Model,
    Pdf,
    Zip,
    Text,

    /// <summary>A text that a browser runs, or shows as a page.</summary>
    Page,

    /// <summary>Instructions for a processor or a shell.</summary>
    Program,
    Other,
}
