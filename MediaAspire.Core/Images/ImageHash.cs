using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Images;

/// <summary>The key of an image by its content: SHA-256, size and format.</summary>
/// <param name="Sha256">The SHA-256 of the original.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Format">The name of its format, as the database has it.</param>
public sealed partial record ImageHash(Sha256Digest Sha256, long Size, string Format)
{
    /// <summary>Parses the form that <see cref="ToString"/> makes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageHash? hash)
    {
        var match = text is null ? Match.Empty : Expression().Match(text);
        hash = match.Success
            && Sha256Digest.TryParseHex(match.Groups[1].ValueSpan, out var sha256)
            && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? new ImageHash(sha256, size, match.Groups[3].Value)
                : null;
        return hash is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sha256}-{Size}-{Format}");

    [GeneratedRegex(@"\A([0-9a-f]{64})-([0-9]{1,19})-([a-z0-9]{1,20})\z")]
    private static partial Regex Expression();
}
