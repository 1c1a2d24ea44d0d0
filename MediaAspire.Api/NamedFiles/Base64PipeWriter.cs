using System.Buffers.Text;
using System.IO.Pipelines;

namespace MediaAspire.Api.NamedFiles;

/// <summary>Encodes written bytes as base64. Only whole writes are supported.</summary>
internal sealed class Base64PipeWriter(PipeWriter inner) : PipeWriter
{
    // A multiple of three, so that padding comes at the very end only.
    private const int StepBytes = 48 * 1024;

    private readonly byte[] _carry = new byte[3];
    private int _carried;

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_carried > 0)
        {
            var missing = Math.Min(3 - _carried, source.Length);
            source[..missing].CopyTo(_carry.AsMemory(_carried));
            source = source[missing..];
            _carried += missing;
            if (_carried < 3)
            {
                return default;
            }

            Encode(_carry);
            _carried = 0;
        }

        var flushed = default(FlushResult);
        while (source.Length >= 3 && !flushed.IsCompleted)
        {
            var step = Math.Min(source.Length / 3 * 3, StepBytes);
            Encode(source.Span[..step]);
            source = source[step..];
            flushed = await inner.FlushAsync(cancellationToken);
        }

        if (!flushed.IsCompleted)
        {
            source.CopyTo(_carry);
            _carried = source.Length;
        }

        return flushed;
    }

    /// <summary>Writes the last bytes with their padding; the caller flushes.</summary>
    public void WriteEnding()
    {
        Encode(_carry.AsSpan(0, _carried));
        _carried = 0;
    }

    public override void Advance(int bytes) => throw new NotSupportedException();

    public override Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

    public override Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    private void Encode(ReadOnlySpan<byte> bytes)
    {
        var encoded = inner.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, encoded, out _, out var written);
        inner.Advance(written);
    }
}
