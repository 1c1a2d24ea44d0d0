using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Images;

/// <summary>The keys of images in the object store: <c>images/019f…/6d0c1f…</c>.</summary>
public static partial class ImageKeys
{
    /// <summary>The beginning of every key.</summary>
    public const string Prefix = "images/";

    private const int RandomBytes = 12;

    /// <summary>Makes a key that was never used: the deletion of an object that a blob had before must not meet a later one.</summary>
    public static string New(BlobId blob) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}{blob.Value:N}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}");

    /// <summary>Finds the blob of a key. The blob need not exist.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out BlobId blob)
    {
        var match = key is null ? Match.Empty : Expression().Match(key);
        blob = match.Success ? new BlobId(Guid.ParseExact(match.Groups[1].ValueSpan, "N")) : default;
        return match.Success;
    }

    [GeneratedRegex(@"\Aimages/([0-9a-f]{32})/[0-9a-f]{24}\z")]
    private static partial Regex Expression();
}
