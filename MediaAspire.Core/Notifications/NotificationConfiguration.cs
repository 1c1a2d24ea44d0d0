using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Notifications;

/// <summary>
/// The rules of a bucket, as its document <c>notifications</c> keeps them. The SQL function <c>record_event()</c> reads it.
/// </summary>
/// <param name="Rules">1 to <see cref="MaxRules"/> rules.</param>
public sealed record NotificationConfiguration(IReadOnlyList<NotificationRule> Rules)
{
    public const int MaxRules = 100;

    /// <summary>Reads the document.</summary>
    public static NotificationConfiguration Parse(string json) =>
        JsonSerializer.Deserialize(json, NotificationJson.Default.NotificationConfiguration)
        ?? throw new JsonException("The notification configuration is null.");

    /// <summary>Writes the document.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NotificationJson.Default.NotificationConfiguration);
}

/// <summary>A rule: the events that a target is told.</summary>
/// <param name="Id">A name that is unique in the bucket, 1 to 255 characters.</param>
/// <param name="Target">The name of a target in the operator's settings.</param>
/// <param name="Events">Names of <see cref="EventNames.All"/>.</param>
/// <param name="Prefix">The beginning of the keys; empty for all.</param>
/// <param name="Suffix">The end of the keys; empty for all.</param>
public sealed record NotificationRule(string Id, string Target, IReadOnlyList<string> Events, string Prefix, string Suffix)
{
    /// <summary>Determines whether one event of one key would be told by both rules.</summary>
    public bool Overlaps(NotificationRule other)
    {
        ArgumentNullException.ThrowIfNull(other);

        return IsBoth(Prefix, other.Prefix, (longer, shorter) => longer.StartsWith(shorter, StringComparison.Ordinal))
            && IsBoth(Suffix, other.Suffix, (longer, shorter) => longer.EndsWith(shorter, StringComparison.Ordinal))
            && Events.Any(mine => other.Events.Any(theirs => EventNames.Overlap(mine, theirs)));
    }

    private static bool IsBoth(string left, string right, Func<string, string, bool> includes) =>
        left.Length >= right.Length ? includes(left, right) : includes(right, left);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NotificationConfiguration))]
internal sealed partial class NotificationJson : JsonSerializerContext;
