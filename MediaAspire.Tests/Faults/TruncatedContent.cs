using System.Net;

namespace MediaAspire.Tests.Faults;

/// <summary>A body that may be truncated, or have no declared length.</summary>
/// <param name="bytes">The whole body.</param>
/// <param name="sent">The bytes that are sent before the client disconnects; all of them when it stays.</param>
/// <param name="tellLength">True to declare the length beforehand.</param>
internal sealed class TruncatedContent(byte[] bytes, int sent, bool tellLength) : HttpContent
{
    private const int PieceBytes = 256 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var at = 0; at < sent; at += PieceBytes)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(PieceBytes, sent - at)), cancellationToken);
        }

        if (sent < bytes.Length)
        {
            await stream.FlushAsync(cancellationToken);
            throw new IOException("The client of the campaign disconnects here.");
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return tellLength;
    }
}
