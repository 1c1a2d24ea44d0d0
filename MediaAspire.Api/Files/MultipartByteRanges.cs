using System.Text;
using MediaAspire.Api.Http;
using MediaAspire.Core.Files;

namespace MediaAspire.Api.Files;

/// <summary>The framing of a <c>multipart/byteranges</c> response (RFC 9110, section 14.6): the bytes around the ranges.</summary>
internal sealed class MultipartByteRanges
{
    public MultipartByteRanges(StoredFile file, IReadOnlyList<ByteRange> ranges)
    {
        // Nothing in the file can be mistaken for it: clients look for a boundary only after the length of a range.
        var boundary = Guid.CreateVersion7().ToString("N");

        ContentType = $"multipart/byteranges; boundary={boundary}";
        Parts = [.. ranges.Select((range, index) => (range, Encoding.ASCII.GetBytes(
            $"{(index == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {file.ContentType}\r\n"
            + $"Content-Range: {range.ToContentRange(file.Size)}\r\n\r\n")))];
        Ending = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        ContentLength = Parts.Sum(part => part.Header.Length + part.Range.Length) + Ending.Length;
    }

    public string ContentType { get; }

    public long ContentLength { get; }

    public IReadOnlyList<(ByteRange Range, byte[] Header)> Parts { get; }

    public byte[] Ending { get; }
}
