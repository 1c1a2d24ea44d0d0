using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MediaAspire.Worker.Imaging.Protocol;

/// <summary>Messages on a stream: four bytes of length, the most significant first, and a JSON document in UTF-8.</summary>
internal static class ProcessFrames
{
    /// <summary>The length of the longest document, in bytes. A reader refuses longer ones before it reserves memory.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int PrefixBytes = 4;

    public static async ValueTask WriteAsync<T>(
        Stream stream, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(message, type);
        if (document.Length > MaxBytes)
        {
            throw new InvalidDataException($"The message has {document.Length} bytes; the limit is {MaxBytes}.");
        }

        // In one call, so that no other message can come between.
        var frame = new byte[PrefixBytes + document.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, document.Length);
        document.CopyTo(frame, PrefixBytes);
        await stream.WriteAsync(frame, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Reads a message.</summary>
    /// <returns><see langword="null"/> if the stream ended before it, or within it.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public static async ValueTask<T?> ReadAsync<T>(Stream stream, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var prefix = new byte[PrefixBytes];
        if (await stream.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, cancellationToken) < PrefixBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is <= 0 or > MaxBytes)
        {
            throw new InvalidDataException($"A message of {length} bytes was announced; the limit is {MaxBytes}.");
        }

        var document = new byte[length];
        if (await stream.ReadAtLeastAsync(document, length, throwOnEndOfStream: false, cancellationToken) < length)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(document, type) ?? throw new InvalidDataException("The message is null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The message is not valid JSON of its type.", exception);
        }
    }
}
