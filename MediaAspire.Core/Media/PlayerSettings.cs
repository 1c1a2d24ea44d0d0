using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MediaAspire.Core.Media;

/// <summary>The settings of a player: a JSON object that the platform stores and does not read.</summary>
public static class PlayerSettings
{
    public const int MaxBytes = 64 * 1024;

    public const string Rule = "a JSON object of at most 65,536 bytes, whose numbers are finite and whose texts have no NUL characters";

    private const int MaxNumberLength = 64;

    /// <summary>Determines whether a value is an object that the catalog can store.</summary>
    public static bool IsValid(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Object
                && Encoding.UTF8.GetByteCount(value.GetRawText()) <= MaxBytes
                && IsStorable(value);
        }
        catch (InvalidOperationException)
        {
            // A text or a name has an escaped lone surrogate.
            return false;
        }
    }

    /// <summary>Merges settings into those of an item, name by name: a named one is replaced, or removed by <c>null</c>.</summary>
    /// <param name="current">The item's settings; <see langword="null"/> for none.</param>
    /// <param name="change">An object that <see cref="IsValid"/> accepts.</param>
    /// <returns>The merged settings; <see langword="null"/> when none is left.</returns>
    public static string? Merge(string? current, string change)
    {
        using var before = JsonDocument.Parse(current ?? "{}");
        using var after = JsonDocument.Parse(change);
        var merged = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var setting in before.RootElement.EnumerateObject().Concat(after.RootElement.EnumerateObject()))
        {
            merged[setting.Name] = setting.Value;
        }

        var settings = merged.Where(setting => setting.Value.ValueKind != JsonValueKind.Null).ToArray();
        return settings.Length == 0 ? null : Write(settings);
    }

    private static string Write(KeyValuePair<string, JsonElement>[] settings)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in settings)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    // What PostgreSQL's jsonb refuses would be a fault of the server: NUL, a lone surrogate, a number beyond its range.
    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => MediaText.IsStorable(member.Name) && IsStorable(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.String => MediaText.IsStorable(value.GetString()!),
        JsonValueKind.Number => IsNumber(value.GetRawText()),
        _ => true,
    };

    private static bool IsNumber(string text) =>
        text.Length <= MaxNumberLength
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
        && (number != 0 || text.AsSpan(0, MantissaLength(text)).IndexOfAnyInRange('1', '9') < 0);

    private static int MantissaLength(string text)
    {
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        return exponent < 0 ? text.Length : exponent;
    }
}
