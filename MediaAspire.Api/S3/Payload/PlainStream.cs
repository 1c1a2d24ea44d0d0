using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Payload;

/// <summary>A body without framing.</summary>
internal sealed class PlainStream(Stream body, long? length) : PayloadStream(body, length)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReadBodyAsync(buffer, cancellationToken);
        BytesRead += read;
        return read > 0 || buffer.IsEmpty || DeclaredLength is null || DeclaredLength == BytesRead
            ? read
            : throw S3Errors.IncompleteBody().ToException();
    }
}
