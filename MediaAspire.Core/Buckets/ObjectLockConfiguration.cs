using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Buckets;

/// <summary>The content of <see cref="BucketDocument.ObjectLock"/>, of a bucket whose versions can be locked.</summary>
/// <param name="Default">The retention of new versions whose writer gives none; <see langword="null"/> for no retention.</param>
public sealed record ObjectLockConfiguration(DefaultRetention? Default)
{
    /// <summary>Reads the document.</summary>
    public static ObjectLockConfiguration Parse(string json)
    {
        var stored = JsonSerializer.Deserialize(json, ObjectLockJson.Default.StoredObjectLock)!;
        return new(RetentionModes.Find(stored.Mode) is { } mode ? new DefaultRetention(mode, stored.Days, stored.Years) : null);
    }

    /// <summary>Writes the document; the database's <c>default_retention()</c> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new StoredObjectLock(Default?.Mode.Name, Default?.Days, Default?.Years), ObjectLockJson.Default.StoredObjectLock);
}

/// <summary>The default retention of new versions, in days or years.</summary>
/// <param name="Mode">The retention's mode.</param>
/// <param name="Days">1 to <see cref="MaxDays"/>; <see langword="null"/> where <paramref name="Years"/> is given.</param>
/// <param name="Years">1 to <see cref="MaxYears"/>; <see langword="null"/> where <paramref name="Days"/> is given.</param>
public sealed record DefaultRetention(RetentionMode Mode, int? Days, int? Years)
{
    public const int MaxDays = 36_500;

    public const int MaxYears = 100;
}

internal sealed record StoredObjectLock(string? Mode, int? Days, int? Years);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredObjectLock))]
internal sealed partial class ObjectLockJson : JsonSerializerContext;
