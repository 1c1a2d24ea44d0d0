using System.IO.Pipelines;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Files;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>A range of an object as the body of a put: it is read as fast as it is written, and never buffered whole.</summary>
internal sealed class CopiedContent : S3Payload, IAsyncDisposable
{
    private readonly ContentRange _range;
    private readonly Task _sending;

    /// <param name="range">The range; disposed with this.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public CopiedContent(ContentRange range, long length, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _range = range;
        Length = length;
        Body = pipe.Reader.AsStream();
        _sending = SendAsync(range, pipe.Writer, cancellationToken);
    }

    public override Stream Body { get; }

    public override long? Length { get; }

    public async ValueTask DisposeAsync()
    {
        // A reader that stops early reports its own failure; the sender then finds the pipe closed.
        await Body.DisposeAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _range.DisposeAsync();
    }

    private static async Task SendAsync(ContentRange range, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await range.SendAsync(writer, cancellationToken);
            await writer.CompleteAsync();
        }
        catch (Exception failure)
        {
            await writer.CompleteAsync(failure);
            throw;
        }
    }
}
