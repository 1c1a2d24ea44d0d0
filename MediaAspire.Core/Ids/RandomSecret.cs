using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MediaAspire.Core.Ids;

/// <summary>Secrets of 43 letters and digits, 256 random bits: 62^43 &gt; 2^256.</summary>
/// <remarks>They are selected with a double click, and need no escaping in shells, headers, addresses and configuration files.</remarks>
public static class RandomSecret
{
    /// <summary>The characters of secrets.</summary>
    public const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private const int Length = 43;

    /// <summary>Makes a secret.</summary>
    public static string New() => RandomNumberGenerator.GetString(Characters, Length);

    /// <summary>Determines whether a text, which may be any, has the form of a secret.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? text) =>
        text is { Length: Length } && text.All(char.IsAsciiLetterOrDigit);
}
