using MediaAspire.Api.S3.Payload;

namespace MediaAspire.Api.S3.Forms;

/// <summary>Checks the length of a file against its policy while it is read, and at its end.</summary>
internal sealed class FormFileStream(Stream content, ContentLengthRange range) : PayloadStream(content, length: null)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReadBodyAsync(buffer, cancellationToken);
        BytesRead += read;
        if (read > 0 || buffer.IsEmpty)
        {
            range.CheckSoFar(BytesRead);
        }
        else
        {
            range.CheckWhole(BytesRead);
        }

        return read;
    }
}
