using System.Globalization;
using System.Text.Json;

namespace MediaAspire.Core.Media.Filters;

/// <summary>A value as the client sent it: a text of the query string, or JSON.</summary>
internal readonly struct FilterInput
{
    private static readonly string[] s_times = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    private readonly string? _text;
    private readonly JsonElement _json;

    public FilterInput(string text)
    {
        _text = text;
        _json = default;
    }

    public FilterInput(JsonElement json)
    {
        _text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        _json = json;
    }

    private bool IsJson => _json.ValueKind != JsonValueKind.Undefined;

    /// <summary>Gets the value for an error message.</summary>
    public string Shown => _text ?? _json.GetRawText();

    /// <summary>Gets a text; <see langword="null"/> for a JSON value of another type.</summary>
    public string? Text => _text;

    public long? Number => IsJson
        ? _json.ValueKind == JsonValueKind.Number && _json.TryGetInt64(out var value) ? value : null
        : long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;

    public bool? Flag => IsJson
        ? _json.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : _text switch { "true" => true, "false" => false, _ => null };

    /// <summary>Gets a time of ISO 8601 with at most microseconds; without an offset it is in UTC.</summary>
    public DateTimeOffset? Time => DateTimeOffset.TryParseExact(
        _text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;

    /// <summary>Gets the items of a list: an array of texts, or a text with commas.</summary>
    public IReadOnlyList<string>? List
    {
        get
        {
            if (_text is not null)
            {
                return _text.Split(',');
            }

            return _json.ValueKind == JsonValueKind.Array && _json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                ? [.. _json.EnumerateArray().Select(item => item.GetString()!)]
                : null;
        }
    }

    /// <summary>Gets a text or a number. A text of the query string that is a number stands for both.</summary>
    public CustomOperand? Custom
    {
        get
        {
            if (IsJson)
            {
                return _json.ValueKind == JsonValueKind.Number
                    ? _json.TryGetDouble(out var value) && double.IsFinite(value) ? new(null, value) : null
                    : _text is null ? null : new(_text, null);
            }

            var isNumber = double.TryParse(
                _text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
            return new(_text, isNumber ? number : null);
        }
    }
}
