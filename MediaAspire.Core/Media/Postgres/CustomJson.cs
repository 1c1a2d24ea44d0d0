using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The application's fields as a JSON object of strings and numbers.</summary>
internal static class CustomJson
{
    public static ImmutableSortedDictionary<string, CustomValue> Parse(string json)
    {
        if (json is "{}")
        {
            return CustomValue.None;
        }

        using var document = JsonDocument.Parse(json);
        var fields = CustomValue.None.ToBuilder();
        foreach (var field in document.RootElement.EnumerateObject())
        {
            fields.Add(field.Name, field.Value.ValueKind == JsonValueKind.Number
                ? CustomValue.Of(field.Value.GetDouble())
                : CustomValue.Of(field.Value.GetString()!));
        }

        return fields.ToImmutable();
    }

    public static string Format(ImmutableSortedDictionary<string, CustomValue> fields)
    {
        if (fields.IsEmpty)
        {
            return "{}";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (value.Text is { } text)
                {
                    writer.WriteString(name, text);
                }
                else
                {
                    writer.WriteNumber(name, value.Number);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
