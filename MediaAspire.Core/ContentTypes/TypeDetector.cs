using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace MediaAspire.Core.ContentTypes;

/// <summary>Detects the type of content by its first bytes, never by its name or its declared type.</summary>
/// <remarks>
/// The bytes are hostile. Detection compares them at fixed places and scans them a fixed number of times; nothing in them is a length or an
/// offset that it follows. docs/adr/0024-types-by-content.md says why the table is our own.
/// </remarks>
public static class TypeDetector
{
    /// <summary>The number of first bytes that detection reads.</summary>
    public const int HeadBytes = 64 * 1024;

    // How far a PDF may have other bytes before its header, and how far an XML document is searched for its root.
    private const int SearchedBytes = 1024;

    private static readonly DetectedType s_mp4 = new(
        "video/mp4", ContentSort.Video, "video/x-m4v", "video/quicktime", "video/3gpp*", "audio/mp4", "audio/x-m4a", "application/mp4");

    private static readonly DetectedType s_quickTime = new("video/quicktime", ContentSort.Video, "video/mp4");
    private static readonly DetectedType s_audioMp4 = new("audio/mp4", ContentSort.Audio, "audio/x-m4*", "audio/m4*", "video/mp4");
    private static readonly DetectedType s_avif = new("image/avif", ContentSort.Image, "image/heif");
    private static readonly DetectedType s_heic = new("image/heic", ContentSort.Image, "image/heif", "image/avif");
    private static readonly DetectedType s_webm = new("video/webm", ContentSort.Video, "audio/webm", "video/x-matroska");
    private static readonly DetectedType s_matroska = new("video/x-matroska", ContentSort.Video, "audio/x-matroska", "video/webm");
    private static readonly DetectedType s_transport = new("video/mp2t", ContentSort.Video);
    private static readonly DetectedType s_html = new("text/html", ContentSort.Page, "text/*", "application/xhtml+xml", "application/xml");
    private static readonly DetectedType s_svg = new("image/svg+xml", ContentSort.Image, "text/plain", "text/xml", "application/xml");
    private static readonly DetectedType s_xml = new("application/xml", ContentSort.Text, "text/*", "application/*", "model/*");
    private static readonly DetectedType s_text = new("text/plain", ContentSort.Text, "text/*", "application/*", "model/*");

    private static readonly FrozenDictionary<string, DetectedType> s_brands = new Dictionary<string, DetectedType>
    {
        ["avif"] = s_avif,
        ["avis"] = s_avif,
        ["heic"] = s_heic,
        ["heix"] = s_heic,
        ["hevc"] = s_heic,
        ["heim"] = s_heic,
        ["mif1"] = s_heic,
        ["msf1"] = s_heic,
        ["crx "] = new("image/x-canon-cr3", ContentSort.Image),
        ["qt  "] = s_quickTime,
        ["M4A "] = s_audioMp4,
        ["M4B "] = s_audioMp4,
    }.ToFrozenDictionary();

    // Of the algorithm by which browsers recognise pages:
    // https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
    private static readonly byte[][] s_pageTags = Bytes(
        "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE", "<TITLE", "<B", "<BODY",
        "<BR", "<P", "<!--");

    private static readonly byte[][] s_quickTimeAtoms = Bytes("moov", "mdat", "wide", "free", "skip", "pnot");
    private static readonly SearchValues<byte> s_notText = SearchValues.Create([.. NotText()]);

    // Content that is declared as one of these begins with its bytes, always.
    private static readonly FrozenSet<string> s_certain = new[]
        {
            Signatures.Png, Signatures.Jpeg, Signatures.Gif, Signatures.Webp, Signatures.Pdf, Signatures.Zip, Signatures.Glb,
            Signatures.Flac, Signatures.SevenZip, s_avif, s_heic, s_webm, s_matroska, s_mp4, s_quickTime,
        }
        .Select(type => type.Name).ToFrozenSet();

    /// <summary>Detects the type of content.</summary>
    /// <param name="head">The first <see cref="HeadBytes"/> bytes, or all of them.</param>
    /// <returns><see langword="null"/> for content of unknown type.</returns>
    public static DetectedType? Detect(ReadOnlySpan<byte> head)
    {
        foreach (var (type, offset, bytes, offset2, bytes2) in Signatures.Fixed)
        {
            if (Has(head, offset, bytes) && Has(head, offset2, bytes2))
            {
                return type;
            }
        }

        return DetectContainer(head) ?? DetectText(head);
    }

    /// <summary>Determines whether content that is declared so is always detected, so that any other is mislabelled.</summary>
    public static bool IsCertain(string declared) => s_certain.Contains(DetectedType.Bare(declared));

    private static DetectedType? DetectContainer(ReadOnlySpan<byte> head)
    {
        if (Has(head, 4, "ftyp"u8) && head.Length >= 12)
        {
            return s_brands.GetValueOrDefault(Encoding.Latin1.GetString(head[8..12]), s_mp4);
        }

        if (Has(head, 0, [0x1A, 0x45, 0xDF, 0xA3]))
        {
            return head[..Math.Min(head.Length, 64)].IndexOf("webm"u8) >= 0 ? s_webm : s_matroska;
        }

        if (head[..Math.Min(head.Length, SearchedBytes)].IndexOf("%PDF-"u8) >= 0)
        {
            return Signatures.Pdf;
        }

        foreach (var atom in s_quickTimeAtoms)
        {
            if (Has(head, 4, atom))
            {
                return s_quickTime;
            }
        }

        // Text in UTF-16.
        if (Has(head, 0, [0xFF, 0xFE]) || Has(head, 0, [0xFE, 0xFF]))
        {
            return s_text;
        }

        // An MPEG audio frame: eleven bits of synchronization, then a version and a layer that exist.
        if (head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0 && (head[1] & 0x18) != 0x08 && (head[2] & 0xF0) != 0xF0)
        {
            return Signatures.Mp3;
        }

        return head.Length > 376 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47 ? s_transport : null;
    }

    private static DetectedType? DetectText(ReadOnlySpan<byte> head)
    {
        var text = Has(head, 0, [0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        var start = text.TrimStart("\t\n\f\r "u8);
        if (IsPage(start))
        {
            // A browser shows it as a page whatever follows.
            return s_html;
        }

        if (head.IsEmpty || head.ContainsAny(s_notText) || !IsUtf8(text))
        {
            return null;
        }

        var searched = start[..Math.Min(start.Length, SearchedBytes)];
        if (StartsWith(start, "<svg"u8) || StartsWith(start, "<?xml"u8) && searched.IndexOf("<svg"u8) >= 0)
        {
            return s_svg;
        }

        if (!StartsWith(start, "<?xml"u8))
        {
            return s_text;
        }

        return searched.IndexOf("http://www.w3.org/1999/xhtml"u8) >= 0 ? s_html : s_xml;
    }

    private static bool IsPage(ReadOnlySpan<byte> start)
    {
        foreach (var tag in s_pageTags)
        {
            // A comment needs no end of its tag.
            if (StartsWith(start, tag)
                && (tag is [.., (byte)'-'] || (start.Length > tag.Length && start[tag.Length] is (byte)' ' or (byte)'>')))
            {
                return true;
            }
        }

        return false;
    }

    // The head may end in the middle of a character.
    private static bool IsUtf8(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var consumed);
            if (status != OperationStatus.Done)
            {
                return status == OperationStatus.NeedMoreData;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static bool Has(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> bytes) =>
        head.Length >= offset + bytes.Length && head.Slice(offset, bytes.Length).SequenceEqual(bytes);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning) =>
        text.Length >= beginning.Length && Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning);

    private static IEnumerable<byte> NotText() =>
        Enumerable.Range(0, 0x20).Where(value => value is not (9 or 10 or 12 or 13 or 27)).Select(value => (byte)value);

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.ASCII.GetBytes)];
}
