using System.Collections.ObjectModel;
using MediaAspire.Api.Http;

namespace MediaAspire.Api.S3.Payload;

/// <summary>The bytes of an object in a request, to be read once and to the end.</summary>
/// <remarks>
/// Bytes are returned before they are verified: the signature of a chunk is checked at its end; the last signature, the trailers and the
/// length before the read that returns 0. Nothing may be acknowledged before that read. Every fault is an
/// <see cref="Protocol.S3Exception"/> from a read.
/// </remarks>
internal abstract class PayloadStream(Stream body, long? length) : ReadOnceStream
{
    /// <summary>Gets the declared number of bytes; <see langword="null"/> when the request does not declare it.</summary>
    public long? DeclaredLength { get; } = length;

    /// <summary>Gets the number of bytes read so far.</summary>
    public long BytesRead { get; protected set; }

    /// <summary>Gets the trailers by lower-case name; empty before the end of the stream.</summary>
    public IReadOnlyDictionary<string, string> Trailers { get; protected set; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Reads from the connection.</summary>
    protected ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        body.ReadAsync(buffer, cancellationToken);
}
