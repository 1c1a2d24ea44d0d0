using System.Text;
using MediaAspire.Api.Http;
using MediaAspire.Core.Files;

namespace MediaAspire.Api.Files;

/// <summary>The frame of a <c>multipart/byteranges</c> answer (RFC 9110, section 14.6): what stands around the ranges.</summary>
internal sealed class MultipartByteRanges
{
    public MultipartByteRanges(StoredFile file, IReadOnlyList<ByteRange> ranges)
    {
        // Nothing in the file can be mistaken for it: a boundary is looked for only between lengths that are told.
        var boundary = Guid.CreateVersion7().ToString("N");

        ContentType = $"multipart/byteranges; boundary={boundary}";
        Parts = [.. ranges.Select((range, index) => (range, Encoding.ASCII.GetBytes(
            $"{(index == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {file.ContentType}\r\nContent-Range: {range.ToContentRange(file.Size)}\r\n\r\n")))];
        Ending = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        ContentLength = Parts.Sum(part => part.Header.Length + part.Range.Length) + Ending.Length;
    }

    public string ContentType { get; }

    public long ContentLength { get; }

    public IReadOnlyList<(ByteRange Range, byte[] Header)> Parts { get; }

    public byte[] Ending { get; }
}
