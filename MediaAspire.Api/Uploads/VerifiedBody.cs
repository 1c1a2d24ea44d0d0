using System.Security.Cryptography;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>The body of a request, whose checksums are compared when its end is read.</summary>
/// <remarks>
/// "the uploaded chunk MUST be discarded, and the upload and its offset MUST NOT be updated": <see cref="AppendOptions.IsAtomic"/> stores
/// the bytes only when the end was read without an exception.
/// </remarks>
internal sealed class VerifiedBody : Stream
{
    private const string TrailerName = "Upload-Checksum";

    private readonly HttpRequest _request;
    private readonly Stream _body;
    private readonly IReadOnlyList<DeclaredChecksum> _declared;
    private readonly Dictionary<string, RunningChecksum> _running;
    private readonly bool _hasTrailer;
    private ChecksumMismatchException? _mismatch;
    private bool _isVerified;

    private VerifiedBody(HttpRequest request, IReadOnlyList<DeclaredChecksum> declared, bool hasTrailer)
    {
        (_request, _body, _declared, _hasTrailer) = (request, request.Body, declared, hasTrailer);

        // A trailer names its algorithm only after the bytes, so each one is computed.
        var algorithms = hasTrailer ? DeclaredChecksum.Algorithms.Split(',') : declared.Select(checksum => checksum.Algorithm).Distinct();
        _running = algorithms.ToDictionary(name => name, DeclaredChecksum.Start);
    }

    /// <summary>Gets the reason why the body was refused.</summary>
    public ChecksumMismatchException Mismatch =>
        _mismatch ?? throw new InvalidOperationException("The body has its checksum, or was not read to its end.");

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Wraps the body of a request; <see langword="null"/> when it has no checksum to verify.</summary>
    public static VerifiedBody? Of(HttpRequest request, IReadOnlyList<DeclaredChecksum> declared)
    {
        var hasTrailer = request.SupportsTrailers() && DeclaresTrailer(request);
        return declared.Count > 0 || hasTrailer ? new(request, declared, hasTrailer) : null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _body.ReadAsync(buffer, cancellationToken);
        if (read > 0)
        {
            foreach (var checksum in _running.Values)
            {
                checksum.Append(buffer.Span[..read]);
            }
        }
        else if (!buffer.IsEmpty && !_isVerified)
        {
            _isVerified = true;
            _mismatch = Verify();
            if (_mismatch is not null)
            {
                throw _mismatch;
            }
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var checksum in _running.Values)
        {
            checksum.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool DeclaresTrailer(HttpRequest request) => request.Headers.Trailer.Any(line => (line ?? "")
        .Split(',', StringSplitOptions.TrimEntries).Contains(TrailerName, StringComparer.OrdinalIgnoreCase));

    private ChecksumMismatchException? Verify()
    {
        var values = _running.ToDictionary(running => running.Key, running => running.Value.Finish());
        if (_declared.Select(declared => Compare(declared, values)).FirstOrDefault(difference => difference is not null) is { } mismatch)
        {
            return mismatch;
        }

        if (!_hasTrailer)
        {
            return null;
        }

        string? text = _request.GetTrailer(TrailerName);
        if (string.IsNullOrEmpty(text) || !DeclaredChecksum.TryRead(text, out var trailer))
        {
            return new(
                string.IsNullOrEmpty(text) ? "The trailer Upload-Checksum was announced, but is missing."
                : "The trailer Upload-Checksum is not an algorithm of Tus-Checksum-Algorithm and its value in base64.",
                isMalformed: true);
        }

        return Compare(trailer, values);
    }

    private static ChecksumMismatchException? Compare(DeclaredChecksum declared, Dictionary<string, byte[]> values) =>
        CryptographicOperations.FixedTimeEquals(values[declared.Algorithm], declared.Value)
            ? null
            : new(
                $"The {declared.Algorithm} of the body is {Convert.ToBase64String(values[declared.Algorithm])}, but "
                + $"{Convert.ToBase64String(declared.Value)} was declared. Its bytes were discarded.",
                isMalformed: false);
}
