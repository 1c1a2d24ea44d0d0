using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Media;

/// <summary>The names of kinds and the number of parts that each may have.</summary>
public static class MediaKinds
{
    private const int Many = 100;

    private static readonly (MediaKind Kind, string Name, int MinParts, int MaxParts)[] s_kinds =
    [
        (MediaKind.Simple, "simple", 1, Many),
        (MediaKind.Image, "image", 1, Many),
        (MediaKind.Background, "background", 1, Many),
        (MediaKind.Model, "model", 1, Many),
        (MediaKind.Text, "text", 1, Many),
        (MediaKind.Pdf, "pdf", 1, Many),
        (MediaKind.PanoEquirect, "pano-equirect", 2, 2),
        (MediaKind.PanoCubemap, "pano-cubemap", 7, 7),
        (MediaKind.GlbExtended, "glb-extended", 2, 3),
        (MediaKind.Zip, "zip", 1, Many),
        (MediaKind.Pkpass, "pkpass", 1, Many),
        (MediaKind.Video, "video", 1, 11),
    ];

    private static readonly FrozenDictionary<string, MediaKind> s_byName =
        s_kinds.ToFrozenDictionary(row => row.Name, row => row.Kind, StringComparer.Ordinal);

    /// <summary>Gets every name, in the order of the kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_kinds.Select(row => row.Name)];

    /// <summary>Finds the kind of a name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out MediaKind kind)
    {
        kind = default;
        return name is not null && s_byName.TryGetValue(name, out kind);
    }

    public static string NameOf(MediaKind kind) => s_kinds[(int)kind].Name;

    /// <summary>Gets the least and the most number of parts of a kind.</summary>
    public static (int Min, int Max) PartsOf(MediaKind kind) => (s_kinds[(int)kind].MinParts, s_kinds[(int)kind].MaxParts);
}
