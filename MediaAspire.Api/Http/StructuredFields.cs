using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Api.Http;

/// <summary>Reads and writes the structured fields of RFC 9651 that this API uses.</summary>
/// <remarks>A field that does not have the expected type is reported as missing, as RFC 9651, section 4.2, requires.</remarks>
internal static class StructuredFields
{
    /// <summary>Reads an Item that is an Integer.</summary>
    /// <example><c>Upload-Offset: 100</c></example>
    public static bool TryReadInteger(StringValues field, out long value)
    {
        value = 0;
        if (!TryReadItem(field, out var item) || item.Kind != StructuredKind.Integer)
        {
            return false;
        }

        value = item.Integer;
        return true;
    }

    /// <summary>Reads an Item that is a Boolean.</summary>
    /// <example><c>Upload-Complete: ?1</c></example>
    public static bool TryReadBoolean(StringValues field, out bool value)
    {
        value = false;
        if (!TryReadItem(field, out var item) || item.Kind != StructuredKind.Boolean)
        {
            return false;
        }

        value = item.Boolean;
        return true;
    }

    /// <summary>Reads a Dictionary. Lines of one field are one Dictionary; of members with the same key, the last one counts.</summary>
    /// <example><c>Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:</c></example>
    public static bool TryReadDictionary(StringValues field, out IReadOnlyDictionary<string, StructuredValue> members)
    {
        members = new Dictionary<string, StructuredValue>();
        var reader = new StructuredFieldReader(Join(field));
        return field.Count > 0 && reader.TryReadDictionary(out members);
    }

    /// <summary>Writes a Dictionary of Integers.</summary>
    public static string WriteDictionary(IEnumerable<KeyValuePair<string, long>> members) => string.Join(
        ", ", members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Key}={member.Value}")));

    /// <summary>Writes a Boolean.</summary>
    public static string Write(bool value) => value ? "?1" : "?0";

    /// <summary>Writes a Byte Sequence.</summary>
    public static string Write(ReadOnlySpan<byte> value) => $":{Convert.ToBase64String(value)}:";

    private static bool TryReadItem(StringValues field, out StructuredValue item)
    {
        item = default;
        var reader = new StructuredFieldReader(Join(field));
        return field.Count > 0 && reader.TryReadItem(out item);
    }

    private static string Join(StringValues field) => field.Count == 1 ? field[0] ?? "" : string.Join(", ", field.AsEnumerable());
}

/// <summary>The types of structured values.</summary>
internal enum StructuredKind
{
    Integer,
    Decimal,
    String,
    Token,
    ByteSequence,
    Boolean,
    Date,
    DisplayString,
    InnerList,
}

/// <summary>A value of a structured field. Only the types that this API uses keep their value.</summary>
/// <param name="Kind">The type.</param>
/// <param name="Integer">The value of an Integer.</param>
/// <param name="Boolean">The value of a Boolean.</param>
/// <param name="Bytes">The value of a Byte Sequence.</param>
internal readonly record struct StructuredValue(StructuredKind Kind, long Integer = 0, bool Boolean = false, byte[]? Bytes = null);
