using System.Globalization;

namespace MediaAspire.Core.Fetching;

/// <summary>The lists in the settings: items that are separated by commas.</summary>
internal static class FetchingLists
{
    public static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
}
