using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Writes and reads the fields of a <see cref="MediaValue"/>. An optional field begins with a byte, 0 when missing.</summary>
internal static class MediaValueFields
{
    // PostgreSQL stores microseconds, so that an item that was just written equals the one that is read.
    private const long TicksInMicrosecond = TimeSpan.TicksPerMicrosecond;

    // No list of an item is that long; a damaged length must not allocate gigabytes.
    private const int MaxCount = 1 << 20;

    public static void Write(this BinaryWriter writer, MediaId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.Write(bytes);
    }

    public static MediaId ReadId(this BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.BaseStream.ReadExactly(bytes);
        return new MediaId(new Guid(bytes, bigEndian: true));
    }

    public static void Write(this BinaryWriter writer, DateTimeOffset time) => writer.Write(time.UtcTicks / TicksInMicrosecond);

    public static DateTimeOffset ReadTime(this BinaryReader reader) => new(reader.ReadInt64() * TicksInMicrosecond, TimeSpan.Zero);

    public static void Write(this BinaryWriter writer, string name, CustomValue value)
    {
        writer.Write(name);
        writer.WriteOptional(value.Text);
        if (value.Text is null)
        {
            // PostgreSQL has no negative zero.
            writer.Write(value.Number + 0.0);
        }
    }

    public static KeyValuePair<string, CustomValue> ReadCustomField(this BinaryReader reader) => new(
        reader.ReadString(),
        reader.ReadOptionalText() is { } text ? CustomValue.Of(text) : CustomValue.Of(reader.ReadDouble()));

    public static void Write(this BinaryWriter writer, MediaPart part)
    {
        writer.Write7BitEncodedInt(part.Number);
        writer.Write(part.Type);
        writer.Write(part.ObjectKey);
        writer.Write(part.ContentType);
        writer.Write(part.Size);
        writer.Write(part.Sha256.Bytes.Span);
        writer.Write((byte)part.State);
        writer.WriteOptional(part.ETag);
        writer.WriteOptional(part.MultipartId);
        writer.WriteOptional(part.UploadUntil);
        writer.WriteOptional(part.StoredAt);
    }

    public static MediaPart ReadPart(this BinaryReader reader)
    {
        var number = reader.Read7BitEncodedInt();
        var type = reader.ReadString();
        var key = reader.ReadString();
        var contentType = reader.ReadString();
        var size = reader.ReadInt64();
        Span<byte> sha256 = stackalloc byte[32];
        reader.BaseStream.ReadExactly(sha256);
        return new MediaPart(number, type, key, contentType, size, new Sha256Digest(sha256), (MediaPartState)reader.ReadByte())
        {
            ETag = reader.ReadOptionalText(),
            MultipartId = reader.ReadOptionalText(),
            UploadUntil = reader.ReadOptionalTime(),
            StoredAt = reader.ReadOptionalTime(),
        };
    }

    public static void WriteOptional(this BinaryWriter writer, string? text)
    {
        if (writer.WritePresence(text is not null))
        {
            writer.Write(text!);
        }
    }

    public static string? ReadOptionalText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    public static void WriteOptional(this BinaryWriter writer, int? number)
    {
        if (writer.WritePresence(number.HasValue))
        {
            writer.Write(number!.Value);
        }
    }

    public static int? ReadOptionalInt32(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadInt32() : null;

    public static void WriteOptional(this BinaryWriter writer, MediaId? id)
    {
        if (writer.WritePresence(id.HasValue))
        {
            writer.Write(id!.Value);
        }
    }

    public static MediaId? ReadOptionalId(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadId() : null;

    public static void WriteOptional(this BinaryWriter writer, DateTimeOffset? time)
    {
        if (writer.WritePresence(time.HasValue))
        {
            writer.Write(time!.Value);
        }
    }

    public static DateTimeOffset? ReadOptionalTime(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadTime() : null;

    public static void WriteOptional(this BinaryWriter writer, MediaFailure? failure)
    {
        if (writer.WritePresence(failure is not null))
        {
            writer.Write(failure!.Code);
            writer.Write(failure.Message);
            writer.Write(failure.Count);
        }
    }

    public static MediaFailure? ReadOptionalFailure(this BinaryReader reader) =>
        reader.ReadBoolean() ? new MediaFailure(reader.ReadString(), reader.ReadString(), reader.ReadInt32()) : null;

    public static void WriteOptional(this BinaryWriter writer, MediaAttempt? attempt)
    {
        if (writer.WritePresence(attempt is not null))
        {
            writer.Write(new MediaId(attempt!.Id));
            writer.Write(new MediaId(attempt.Job.Value));
            writer.Write(attempt.Until);
        }
    }

    public static MediaAttempt? ReadOptionalAttempt(this BinaryReader reader) =>
        reader.ReadBoolean() ? new MediaAttempt(reader.ReadId().Value, new JobId(reader.ReadId().Value), reader.ReadTime()) : null;

    public static void WriteList<T>(this BinaryWriter writer, IReadOnlyCollection<T> list, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(list.Count);
        foreach (var element in list)
        {
            write(writer, element);
        }
    }

    public static ImmutableArray<T> ReadList<T>(this BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > MaxCount)
        {
            throw new FormatException($"A list of a value in Redis has the length {count}.");
        }

        var list = ImmutableArray.CreateBuilder<T>();
        while (list.Count < count)
        {
            list.Add(read(reader));
        }

        return list.DrainToImmutable();
    }

    private static bool WritePresence(this BinaryWriter writer, bool isPresent)
    {
        writer.Write(isPresent);
        return isPresent;
    }
}
