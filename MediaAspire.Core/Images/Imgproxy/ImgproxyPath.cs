using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using MediaAspire.Core.Images.Variants;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>The parts of an address in imgproxy's form.</summary>
/// <param name="Signature">The signature, not yet verified.</param>
/// <param name="Path">What was signed: the rest of the path, with its leading slash.</param>
/// <remarks>A sample: <c>/SIGNATURE/rs:fill:300:400/g:sm/plain/local:///cat.jpg@webp</c>.</remarks>
public sealed partial record ImgproxyPath(string Signature, string Path)
{
    private const string Plain = "plain";
    private const string LocalScheme = "local:///";

    /// <summary>Splits an address.</summary>
    /// <param name="raw">The path below the prefix as it was sent, encoded, with or without a leading slash.</param>
    /// <returns>The parts; <see langword="null"/> when it is not an address in this form.</returns>
    public static ImgproxyPath? Split(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);

        var text = raw.TrimStart('/');
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0 || slash == text.Length - 1 ? null : new(text[..slash], "/" + Restore(text[(slash + 1)..]));
    }

    /// <summary>Splits the options from the source.</summary>
    internal (IReadOnlyList<string> Options, IReadOnlyList<string> Source) SplitOptions(bool onlyPresets)
    {
        var segments = Path.TrimStart('/').Split('/');
        var count = onlyPresets ? 1 : segments.TakeWhile(segment => segment.Contains(':', StringComparison.Ordinal)).Count();
        return (segments[..Math.Min(count, segments.Length)], segments[Math.Min(count, segments.Length)..]);
    }

    /// <summary>Reads the source and the extension after it.</summary>
    internal static VariantFault? ReadSource(IReadOnlyList<string> segments, out string source, out string? extension)
    {
        (source, extension) = ("", null);
        var isPlain = segments.Count > 1 && segments[0] == Plain;
        var parts = string.Join(isPlain ? "/" : "", isPlain ? segments.Skip(1) : segments).Split(isPlain ? '@' : '.');
        if (parts.Length > 2 || parts[0].Length == 0)
        {
            return Unreadable("it has no source, or more than one extension");
        }

        extension = parts is [_, { Length: > 0 } given] ? given : null;
        if (isPlain)
        {
            source = Uri.UnescapeDataString(parts[0]);
        }
        else if (Decode(parts[0].TrimEnd('=')) is { } decoded)
        {
            source = decoded;
        }
        else
        {
            return Unreadable("its source is not Base64 for URLs");
        }

        source = source.StartsWith(LocalScheme, StringComparison.Ordinal) ? source[LocalScheme.Length..] : source;
        return source.Length == 0 ? Unreadable("its source is empty") : null;
    }

    /// <summary>Creates the fault of a path that is not an address in this form.</summary>
    public static VariantFault Unreadable(string reason) => new(
        "imgproxy-path-invalid",
        $"The path cannot be read: {reason}. Send /SIGNATURE/OPTIONS/plain/ALIAS@EXTENSION, or the source in Base64 for URLs.",
        VariantFaultKind.NotFound);

    /// <summary>
    /// Undoes what proxies do to paths, as imgproxy does before it verifies a signature: <c>%3A</c> in options, and one slash in the place
    /// of two after the scheme of a plain source.
    /// </summary>
    private static string Restore(string path)
    {
        var (options, plain) = path.StartsWith(Plain + "/", StringComparison.Ordinal) ? ("", path[(Plain.Length + 1)..])
            : path.Split($"/{Plain}/", 2) is [var before, var after] ? (before, after) : (path, null);
        options = options.Replace("%3A", ":", StringComparison.Ordinal);
        if (plain is null)
        {
            return options.TrimStart('/');
        }

        plain = BrokenScheme().Replace(plain, match =>
            $"{match.Groups["scheme"]}://{(match.Groups["scheme"].Value == "local" ? "/" : "")}{match.Groups["next"]}");
        return $"{options}/{Plain}/{plain}".TrimStart('/');
    }

    private static string? Decode(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done)
        {
            return null;
        }

        var decoded = Encoding.UTF8.GetString(bytes, 0, length);
        return decoded.Contains('\uFFFD', StringComparison.Ordinal) ? null : decoded;
    }

    [GeneratedRegex(@"^(?<scheme>[^\s/]+):/(?<next>[^/])", RegexOptions.ExplicitCapture)]
    private static partial Regex BrokenScheme();
}
