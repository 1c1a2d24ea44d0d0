using System.Globalization;
using System.Text;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The form of an item in Redis: the complete item, as PostgreSQL would return it.</summary>
/// <remarks>
/// <c>V</c>, the version in decimal, <c>:</c>, the format's number in one byte, then the fields in the order of <see cref="Encode"/>.
/// Numbers are little-endian, counts and lengths are 7-bit encoded, texts are UTF-8, times are microseconds since 0001-01-01 UTC. A value
/// of another format counts as absent, so that builds of different ages can run beside each other: each change of the fields needs another
/// number.
/// </remarks>
internal static class MediaValue
{
    private const byte Format = 2;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(MediaItem item)
    {
        using var stream = new MemoryStream(512);
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"V{item.Version}:")));
        using var writer = new BinaryWriter(stream, s_utf8);
        writer.Write(Format);
        writer.Write(item.Id);
        writer.Write(item.Owner.Value);
        writer.Write((byte)item.Kind);
        writer.Write((byte)item.Status);
        writer.Write(FlagsOf(item));
        writer.Write(item.Name);
        writer.WriteOptional(item.Alias?.Value);
        writer.WriteOptional(item.Description);
        writer.WriteOptional(item.Website);
        writer.WriteList(item.Tags, static (output, tag) => output.Write(tag));
        writer.WriteList(item.Categories, static (output, category) => output.Write(category));
        writer.WriteList(item.Capabilities, static (output, capability) => output.Write(capability));
        writer.WriteList(item.Custom, static (output, field) => output.Write(field.Key, field.Value));
        writer.WriteOptional(item.Player);
        writer.WriteOptional(item.Width);
        writer.WriteOptional(item.Height);
        writer.WriteOptional(item.Parent);
        writer.WriteList(item.References, static (output, id) => output.Write(id));
        writer.WriteOptional(item.Details);
        writer.WriteOptional(item.Deferred);
        writer.WriteOptional(item.Failure);
        writer.WriteList(item.Parts, static (output, part) => output.Write(part));
        writer.Write(item.CreatedAt);
        writer.Write(item.UpdatedAt);
        writer.WriteOptional(item.UploadedAt);
        writer.WriteOptional(item.ReadyAt);
        writer.WriteOptional(item.ExpiresAt);
        writer.WriteOptional(item.RemovedAt);
        writer.WriteOptional(item.Attempt);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Decodes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="id">The item that it is to be.</param>
    /// <returns>The item; <see langword="null"/> for another item, another format or damaged bytes.</returns>
    public static MediaItem? TryDecode(byte[] value, MediaId id)
    {
        try
        {
            return VersionOf(value) is { } version ? Decode(value, version) is { } item && item.Id == id ? item : null : null;
        }
        catch (Exception damage) when (damage is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <returns>The version; <see langword="null"/> for bytes that are not a value.</returns>
    public static long? VersionOf(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)':');
        return end > 1 && value[0] == 'V'
            && long.TryParse(value[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static MediaItem? Decode(byte[] value, long version)
    {
        var start = Array.IndexOf(value, (byte)':') + 1;
        using var reader = new BinaryReader(new MemoryStream(value, start, value.Length - start), s_utf8);
        if (reader.ReadByte() != Format)
        {
            return null;
        }

        var id = reader.ReadId();
        var owner = new MediaOwner(reader.ReadString());
        var kind = (MediaKind)reader.ReadByte();
        var status = (MediaStatus)reader.ReadByte();
        var flags = reader.ReadByte();

        // The initializers run in the order in which they are written, which is that of the bytes.
        return new MediaItem
        {
            Version = version,
            Id = id,
            Owner = owner,
            Kind = kind,
            Status = status,
            IsPublic = (flags & 1) != 0,
            IsUnlisted = (flags & 2) != 0,
            IsTemporary = (flags & 4) != 0,
            IsDirectOnly = (flags & 8) != 0,
            IsImmutable = (flags & 16) != 0,
            HasPublicObjects = (flags & 32) != 0,
            Name = reader.ReadString(),
            Alias = reader.ReadOptionalText() is { } alias ? new MediaAlias(alias) : null,
            Description = reader.ReadOptionalText(),
            Website = reader.ReadOptionalText(),
            Tags = reader.ReadList(static input => input.ReadString()),
            Categories = reader.ReadList(static input => input.ReadString()),
            Capabilities = reader.ReadList(static input => input.ReadString()),
            Custom = CustomValue.None.AddRange(reader.ReadList(static input => input.ReadCustomField())),
            Player = reader.ReadOptionalText(),
            Width = reader.ReadOptionalInt32(),
            Height = reader.ReadOptionalInt32(),
            Parent = reader.ReadOptionalId(),
            References = reader.ReadList(static input => input.ReadId()),
            Details = reader.ReadOptionalText(),
            Deferred = reader.ReadOptionalText(),
            Failure = reader.ReadOptionalFailure(),
            Parts = reader.ReadList(static input => input.ReadPart()),
            CreatedAt = reader.ReadTime(),
            UpdatedAt = reader.ReadTime(),
            UploadedAt = reader.ReadOptionalTime(),
            ReadyAt = reader.ReadOptionalTime(),
            ExpiresAt = reader.ReadOptionalTime(),
            RemovedAt = reader.ReadOptionalTime(),
            Attempt = reader.ReadOptionalAttempt(),
        };
    }

    private static byte FlagsOf(MediaItem item) => (byte)(
        (item.IsPublic ? 1 : 0) | (item.IsUnlisted ? 2 : 0) | (item.IsTemporary ? 4 : 0)
        | (item.IsDirectOnly ? 8 : 0) | (item.IsImmutable ? 16 : 0) | (item.HasPublicObjects ? 32 : 0));
}
