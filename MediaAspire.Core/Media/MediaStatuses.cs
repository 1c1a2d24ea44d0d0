using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Media;

/// <summary>The names of states in the API.</summary>
public static class MediaStatuses
{
    private static readonly string[] s_names = ["pending", "uploaded", "ready", "processing", "failed"];

    /// <summary>Gets every name, in the order of the numbers.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>Finds the state of a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out MediaStatus status)
    {
        var index = Array.IndexOf(s_names, name);
        status = (MediaStatus)(index + 1);
        return index >= 0;
    }

    public static string NameOf(MediaStatus status) => s_names[(int)status - 1];
}
