using System.Text;
using MediaAspire.Core.ContentTypes;

namespace MediaAspire.Tests.ContentTypes;

public sealed class TypeDetectorTests
{
    public static TheoryData<string, string> Beginnings => new()
    {
        { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png" },
        { "\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg" },
        { "GIF89a\x01\0\x01\0", "image/gif" },
        { "RIFF\x24\0\0\0WEBPVP8 ", "image/webp" },
        { "RIFF\x24\0\0\0WAVEfmt ", "audio/wav" },
        { "BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp" },
        { "II*\0\x08\0\0\0", "image/tiff" },
        { "\0\0\0\x20" + "ftypavif\0\0\0\0", "image/avif" },
        { "\0\0\0\x18" + "ftypheic\0\0\0\0", "image/heic" },
        { "\0\0\0\x18" + "ftypisom\0\0\x02\0isomiso2", "video/mp4" },
        { "\0\0\0\x14" + "ftypqt  \0\0\0\0", "video/quicktime" },
        { "\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime" },
        { "\0\0\0\x18" + "ftypM4A \0\0\0\0", "audio/mp4" },
        { "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm" },
        { "\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", "video/x-matroska" },
        { "ID3\x04\0\0", "audio/mpeg" },
        { "\xff\xfb\x90\x64\0\0", "audio/mpeg" },
        { "fLaC\0\0\0\x22", "audio/flac" },
        { "OggS\0\x02", "application/ogg" },
        { "glTF\x02\0\0\0", "model/gltf-binary" },
        { "%PDF-1.7\n", "application/pdf" },
        { "garbage before\n%PDF-1.4\n", "application/pdf" },
        { "PK\x03\x04\x14\0\0\0", "application/zip" },
        { "PK\x05\x06\0\0\0\0", "application/zip" },
        { "\x1f\x8b\x08\0", "application/gzip" },
        { "MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable" },
        { "\x7f" + "ELF\x02\x01\x01", "application/x-executable" },
        { "#!/bin/sh\nrm -rf /\n", "text/x-shellscript" },
        { "<!DOCTYPE html><html>", "text/html" },
        { "\r\n\t <ScRiPt>alert(1)</script>", "text/html" },
        { "<!--", "text/html" },
        { "\xef\xbb\xbf<html>", "text/html" },
        { "<html>\0\0\xff\xff", "text/html" },
        { "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml" },
        { "<?xml version='1.0'?>\n<!-- a --><svg/>", "image/svg+xml" },
        { "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "text/html" },
        { "<?xml version='1.0'?><gpx/>", "application/xml" },
        { "{\"a\": 1}", "text/plain" },
        { "Gr\xc3\xbc\xc3\x9f dich", "text/plain" },
        { "a text that ends in the middle of a character: \xc3", "text/plain" },
        { "\xff\xfeH\0i\0", "text/plain" },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void Detect_KnownBeginning_ReturnsItsType(string beginning, string expected) =>
        Assert.Equal(expected, TypeDetector.Detect(Encoding.Latin1.GetBytes(beginning))?.Name);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("not UTF-8: \xc3\x28")]
    [InlineData("a bell \x07")]
    [InlineData("RIFF\0\0\0\0")]
    [InlineData("\x89PNG\r\n")]
    public void Detect_UnknownBeginning_ReturnsNull(string beginning) =>
        Assert.Null(TypeDetector.Detect(Encoding.Latin1.GetBytes(beginning)));

    [Fact]
    public void Detect_Archive_IsFoundBehindItsHeader()
    {
        var tar = new byte[512];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        Assert.Equal("application/x-tar", TypeDetector.Detect(tar)?.Name);
    }

    [Fact]
    public void Any_bytes_of_any_length_are_detected_without_a_fault()
    {
        var random = new Random(14);
        var detected = 0;
        foreach (var row in Beginnings)
        {
            var beginning = Encoding.Latin1.GetBytes((string)row[0]);
            for (var i = 0; i < 400; i++)
            {
                var bytes = new byte[random.Next(600)];
                random.NextBytes(bytes);
                var kept = random.Next(Math.Min(beginning.Length, bytes.Length) + 1);
                beginning.AsSpan(0, kept).CopyTo(bytes);
                detected += TypeDetector.Detect(bytes) is null ? 0 : 1;
            }
        }

        Assert.InRange(detected, 1000, 400 * Beginnings.Count);
    }

    [Fact]
    public void A_full_head_of_hostile_text_is_judged_quickly()
    {
        var head = new byte[TypeDetector.HeadBytes];
        head.AsSpan().Fill((byte)'<');

        Assert.Equal("text/plain", TypeDetector.Detect(head)?.Name);
        head.AsSpan().Fill((byte)' ');
        Assert.Equal("text/plain", TypeDetector.Detect(head)?.Name);
    }
}
