using System.Text.Json;

namespace MediaAspire.Core.Media.Filters;

/// <summary>Parses filters, which have one grammar in two forms: the query string and JSON.</summary>
/// <remarks>
/// <c>?kind=image&amp;tags=a,b&amp;size.gte=1000&amp;order=-size</c> is
/// <c>{"kind": "image", "tags": ["a", "b"], "size": {"gte": 1000}, "order": "-size"}</c>.
/// </remarks>
public static class FilterParser
{
    /// <summary>The most bytes of a filter in JSON.</summary>
    public const int MaxBytes = 64 * 1024;

    // A field's operators, and the values of a list within.
    private const int MaxDepth = 3;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = MaxDepth };

    /// <summary>Parses the parameters of a query string.</summary>
    /// <param name="parameters">Each name with all its values.</param>
    public static FilterResult Parse(IEnumerable<KeyValuePair<string, IReadOnlyList<string?>>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var builder = new FilterBuilder();
        foreach (var (key, values) in parameters)
        {
            if (values.Count != 1)
            {
                return new(FilterError.Repeated(key));
            }

            var (name, operation) = Split(key);
            if (builder.Add(name, operation, new FilterInput(values[0] ?? "")) is { } error)
            {
                return new(error);
            }
        }

        return builder.Build();
    }

    /// <summary>Parses a JSON object.</summary>
    public static FilterResult Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return new(FilterError.TooLarge(MaxBytes));
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, s_json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Parse(document.RootElement)
                : new(FilterError.InvalidJson($"it is of type {document.RootElement.ValueKind}."));
        }
        catch (JsonException failure)
        {
            return new(FilterError.InvalidJson(failure.Message));
        }
        catch (InvalidOperationException)
        {
            // A text with half a surrogate pair, or with bytes that are not UTF-8, is valid for the parser until it is read.
            return new(FilterError.InvalidJson("a text is not valid Unicode."));
        }
    }

    private static FilterResult Parse(JsonElement root)
    {
        var builder = new FilterBuilder();
        foreach (var property in root.EnumerateObject())
        {
            if (Add(builder, property) is { } error)
            {
                return new(error);
            }
        }

        return builder.Build();
    }

    private static FilterError? Add(FilterBuilder builder, JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            return builder.Add(property.Name, null, new FilterInput(property.Value));
        }

        var isEmpty = true;
        foreach (var operation in property.Value.EnumerateObject())
        {
            isEmpty = false;
            var name = (property.Name, operation.Name) is ("multi", "text") ? null : operation.Name;
            if (builder.Add(property.Name, name, new FilterInput(operation.Value)) is { } error)
            {
                return error;
            }
        }

        return isEmpty ? FilterError.InvalidValue(property.Name, "{}", "one or two operators with their values") : null;
    }

    // An application's field may have a point in its name.
    private static (string Name, string? Operation) Split(string key)
    {
        var point = key.LastIndexOf('.');
        if (point < 0)
        {
            return (key, null);
        }

        var operation = key[(point + 1)..];
        return key.StartsWith("c_", StringComparison.Ordinal) && !FilterFields.TryParseOperator(operation, out _)
            ? (key, null)
            : (key[..point], operation);
    }
}
