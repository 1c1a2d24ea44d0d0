using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Core.Buckets;

/// <summary>What <see cref="BucketDocument.ObjectLock"/> says of a bucket whose versions can be locked.</summary>
/// <param name="Default">How long new versions are kept whose writer says nothing; <see langword="null"/> for not at all.</param>
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

/// <summary>How long new versions are kept: days or years.</summary>
/// <param name="Mode">Who may delete them before.</param>
/// <param name="Days">1 to <see cref="MaxDays"/>; <see langword="null"/> where <paramref name="Years"/> is given.</param>
/// <param name="Years">1 to <see cref="MaxYears"/>; <see langword="null"/> where <paramref name="Days"/> is given.</param>
public sealed record DefaultRetention(RetentionMode Mode, int? Days, int? Years)
{
    public const int MaxDays = 36_500;

    public const int MaxYears = 100;
}

internal sealed record StoredObjectLock(string? Mode, int? Days, int? Years);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredObjectLock))]
internal sealed partial class ObjectLockJson : JsonSerializerContext;
