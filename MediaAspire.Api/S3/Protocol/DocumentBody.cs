using MediaAspire.Api.Http;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The body of a request that is a document, read once. It counts the bytes and computes the declared digests.</summary>
internal sealed class DocumentBody : ReadOnceStream
{
    private readonly S3Payload _payload;
    private readonly DocumentDigests _digests;
    private readonly long _maxBytes;
    private readonly S3Error _tooLong;
    private bool _hasEnded;

    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The maximum number of bytes.</param>
    /// <param name="tooLong">The error for a longer body.</param>
    /// <param name="includesChecksums">See <see cref="DocumentDigests"/>.</param>
    /// <exception cref="S3Exception">The declared length is too long.</exception>
    public DocumentBody(S3Request request, long maxBytes, S3Error tooLong, bool includesChecksums)
    {
        _payload = request.Payload;
        if (_payload.Length > maxBytes)
        {
            throw tooLong.ToException();
        }

        (_maxBytes, _tooLong) = (maxBytes, tooLong);
        _digests = new DocumentDigests(request, includesChecksums);
    }

    /// <summary>Gets the number of bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <exception cref="S3Exception">The body is too long, or does not match its signature.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasEnded || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await _payload.Body.ReadAsync(buffer, cancellationToken);
        _hasEnded = read == 0;
        BytesRead += read;
        if (BytesRead > _maxBytes)
        {
            throw _tooLong.ToException();
        }

        _digests.Append(buffer.Span[..read]);
        return read;
    }

    /// <summary>Reads the rest, and verifies the whole body.</summary>
    /// <exception cref="S3Exception">The body is too long, or does not match its signature or a digest.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        while (await ReadAsync(rest, cancellationToken) > 0)
        {
            // Only the digests need it.
        }

        _digests.Verify();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _digests.Dispose();
        }

        base.Dispose(disposing);
    }
}
