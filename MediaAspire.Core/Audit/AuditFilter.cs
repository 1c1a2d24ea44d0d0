using System.Buffers.Binary;
using System.Net;

namespace MediaAspire.Core.Audit;

/// <summary>A selection of events. An absent condition selects all.</summary>
public sealed record AuditFilter
{
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the end of the time, which is not part of it.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Api { get; init; }

    /// <summary>Gets the public id of a key.</summary>
    public string? Actor { get; init; }

    public string? Owner { get; init; }

    public IPNetwork? Address { get; init; }

    public string? Action { get; init; }

    public string? Outcome { get; init; }

    /// <summary>Gets the resource; one that ends with <c>*</c> is a prefix.</summary>
    public string? Resource { get; init; }

    /// <summary>Gets the least id that an event of a time may have: 48 bits of milliseconds, and zeros.</summary>
    public static Guid FirstId(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new(bytes, bigEndian: true);
    }
}
