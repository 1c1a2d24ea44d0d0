using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The keys of media in the object store: <c>media/019f…/1-6d0c1f…</c>.</summary>
public static partial class ObjectKeys
{
    /// <summary>The beginning of every key of media. The platform deletes nothing but these keys and those of images.</summary>
    public const string Prefix = "media/";

    private const int RandomBytes = 12;

    /// <summary>Makes a key that nobody can guess and no address exists for.</summary>
    public static string New(MediaId item, int partNumber) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}{item.Value:N}/{partNumber}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}");

    /// <summary>Determines whether a key is one that the platform gives, to media or to images.</summary>
    public static bool IsOurs(string key) => TryParse(key, out _) || ImageKeys.TryParse(key, out _);

    /// <summary>Finds the item of a key. The item need not exist.</summary>
    public static bool TryParse([NotNullWhen(true)] string? key, out MediaId item)
    {
        var match = key is null ? Match.Empty : Expression().Match(key);
        item = match.Success ? new MediaId(Guid.ParseExact(match.Groups[1].ValueSpan, "N")) : default;
        return match.Success;
    }

    [GeneratedRegex(@"\Amedia/([0-9a-f]{32})/[0-9]{1,9}-[0-9a-f]{24}\z")]
    private static partial Regex Expression();
}
