using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Lifecycle;

/// <summary>The rules of a bucket, as its document <see cref="Buckets.BucketDocument.Lifecycle"/> keeps them.</summary>
/// <param name="Rules">In the order in which they were given; 1 to 1,000.</param>
public sealed record LifecycleConfiguration(IReadOnlyList<LifecycleRule> Rules)
{
    /// <summary>Reads the document.</summary>
    /// <returns><see langword="null"/> when it is none that <see cref="ToJson"/> wrote.</returns>
    public static LifecycleConfiguration? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LifecycleJson.Default.LifecycleConfiguration);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the document.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LifecycleJson.Default.LifecycleConfiguration);

    /// <summary>Says when an object expires as long as it is the current version of its key, and by which rule; the earliest of all.</summary>
    /// <returns><see langword="null"/> when no rule lets it expire.</returns>
    public (DateTimeOffset At, LifecycleRule Rule)? FindExpiration(
        string key, long size, IReadOnlyDictionary<string, string> tags, DateTimeOffset modifiedAt, LifecycleClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);

        (DateTimeOffset At, LifecycleRule Rule)? earliest = null;
        foreach (var rule in Rules)
        {
            if (rule.IsEnabled
                && (rule.Date ?? (rule.Days is { } days ? clock.After(modifiedAt, days) : null)) is { } at
                && !(at >= earliest?.At)
                && rule.Filter.Matches(key, size, tags))
            {
                earliest = (at, rule);
            }
        }

        return earliest;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LifecycleConfiguration))]
internal sealed partial class LifecycleJson : JsonSerializerContext;
