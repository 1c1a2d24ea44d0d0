using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Buffers.Text;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Filters;

/// <summary>A position in a list: the order key and the id of its last item so far.</summary>
/// <param name="Key">A time, a whole number or a text, by the order.</param>
/// <param name="Id">The item's id.</param>
/// <remarks>
/// As a cursor it is a text with a checksum over itself and the filter, so that a damaged one or one of another filter is refused. A forged
/// one does no harm: it selects a position, and the filter and the sender's rights hold all the same.
/// </remarks>
public sealed record MediaPosition(object Key, MediaId Id)
{
    private const int ChecksumLength = 12;
    private const int MaxLength = 2048;

    /// <summary>Gets the position of an item in an order.</summary>
    public static MediaPosition Of(MediaItem item, OrderKey key)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new(KeyOf(item, key), item.Id);
    }

    /// <summary>Gets the key of an item in an order.</summary>
    public static object KeyOf(MediaItem item, OrderKey key)
    {
        ArgumentNullException.ThrowIfNull(item);
        return key switch
        {
            OrderKey.CreatedAt => item.CreatedAt,
            OrderKey.UploadedAt => item.UploadedAt ?? item.CreatedAt,
            OrderKey.UpdatedAt => item.UpdatedAt,
            OrderKey.Size => item.Size,
            _ => MediaSearchText.NameKey(MediaText.Normalize(item.Name)),
        };
    }

    /// <summary>Formats the position as a cursor.</summary>
    public string Format(MediaFilter filter)
    {
        var key = Key switch
        {
            DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => (string)Key,
        };
        var payload = Encoding.UTF8.GetBytes($"{Id.Value:N}{key}");
        return Base64Url.EncodeToString([.. Checksum(filter, payload), .. payload]);
    }

    /// <summary>Parses a cursor of a filter.</summary>
    /// <returns><see langword="null"/> when it is damaged, or of another filter or order.</returns>
    public static MediaPosition? Parse(string cursor, MediaFilter filter)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        ArgumentNullException.ThrowIfNull(filter);
        if (cursor.Length is 0 or > MaxLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < ChecksumLength || Base64Url.EncodeToString(bytes) != cursor
            || !Checksum(filter, bytes[ChecksumLength..]).AsSpan().SequenceEqual(bytes.AsSpan(0, ChecksumLength)))
        {
            return null;
        }

        var payload = Encoding.UTF8.GetString(bytes.AsSpan(ChecksumLength));
        return payload.Length >= 32 && Guid.TryParseExact(payload[..32], "N", out var id)
            && ParseKey(payload[32..], filter.Order.Key) is { } key
            ? new(key, new MediaId(id))
            : null;
    }

    private static object? ParseKey(string text, OrderKey key) => key switch
    {
        OrderKey.Name => MediaText.IsValid(text, 0, MediaSearchText.NameKeyLength) ? text : null,
        _ when !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => null,
        OrderKey.Size => long.Parse(text, CultureInfo.InvariantCulture),
        _ when long.Parse(text, CultureInfo.InvariantCulture) is var ticks && ticks <= DateTime.MaxValue.Ticks =>
            new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => null,
    };

    private static byte[] Checksum(MediaFilter filter, byte[] payload) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(FilterText.Canonical(filter)), 0, .. payload])[..ChecksumLength];
}
