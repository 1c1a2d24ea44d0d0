using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Lifecycle;

/// <summary>The rules of a bucket, as its document <see cref="Buckets.BucketDocument.Lifecycle"/> keeps them.</summary>
/// <param name="Rules">The rules in the order in which they were given; 1 to 1,000.</param>
public sealed record LifecycleConfiguration(IReadOnlyList<LifecycleRule> Rules)
{
    /// <summary>Reads the document.</summary>
    /// <returns><see langword="null"/> when <see cref="ToJson"/> did not write it.</returns>
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

    /// <summary>Finds the earliest time at which an object expires while it is the current version of its key, and the rule.</summary>
    /// <returns><see langword="null"/> when no rule expires it.</returns>
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
