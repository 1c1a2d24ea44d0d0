using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MediaAspire.Core.Ids;

namespace MediaAspire.Storage.Chunks;

/// <summary>The name of a file in the trash, which holds all that is known about it. Its place is below the hour of its time.</summary>
/// <remarks><c>00000168/000000605400123.20261130T101500Z.unknown.0197….chunk</c>; ordinal order is the order of age.</remarks>
/// <param name="At">The time of the trash's clock at which the chunk was taken.</param>
/// <param name="Date">The date by the machine's clock, for people.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Chunk">The chunk.</param>
public readonly record struct TrashName(TimeSpan At, DateTimeOffset Date, TrashReason Reason, ChunkId Chunk)
{
    private const string Extension = ".chunk";
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    // Names stay in order for 31,000 years.
    private const int TimeDigits = 15;
    private const int HourDigits = 8;

    /// <summary>Gets the name of the file's directory in the trash.</summary>
    public string Hour => HourOf(At);

    /// <summary>Gets the path below the trash.</summary>
    public string RelativePath => Path.Combine(Hour, ToString());

    public static string HourOf(TimeSpan at) => ((long)at.TotalHours).ToString($"D{HourDigits}", CultureInfo.InvariantCulture);

    public static bool IsHour(string name) => name.Length == HourDigits && name.All(char.IsAsciiDigit);

    /// <summary>Parses a name, and nothing that is not exactly one: the result never leads out of the trash.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TrashName name)
    {
        name = default;
        if (text is null || !text.EndsWith(Extension, StringComparison.Ordinal) || text[..^Extension.Length].Split('.') is not { } parts
            || parts is not [{ Length: TimeDigits }, _, _, _]
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || !DateTimeOffset.TryParseExact(
                parts[1], DateFormat, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            || ReasonOf(parts[2]) is not { } reason
            || !ChunkId.TryParse(parts[3], out var chunk))
        {
            return false;
        }

        name = new(TimeSpan.FromMilliseconds(milliseconds), date, reason, chunk);
        return name.ToString() == text;
    }

    public override string ToString()
    {
        var date = Date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture, $"{(long)At.TotalMilliseconds:D15}.{date}.{TextOf(Reason)}.{Chunk}{Extension}");
    }

    private static string TextOf(TrashReason reason) => reason == TrashReason.Removed ? "removed" : "unknown";

    private static TrashReason? ReasonOf(string text) => text switch
    {
        "removed" => TrashReason.Removed,
        "unknown" => TrashReason.Unknown,
        _ => null,
    };
}
