using MediaAspire.Core.ContentTypes;

namespace MediaAspire.Core.Media.Processing;

/// <summary>The rules for the content of items: what their kind and their declared types promise.</summary>
/// <remarks>
/// Clients choose declared types, and browsers trust them. So a program or a page must not be stored as an image; a file under a type of
/// its own class, such as a JPEG as <c>image/png</c>, does no harm, and the details show it.
/// </remarks>
public static class ContentPolicy
{
    public const string TypeMismatch = "type-mismatch";

    /// <summary>Compares the declared type of a part with its content.</summary>
    /// <param name="declared">The declared media type.</param>
    /// <param name="detected">The detected type; <see langword="null"/> for an unknown one.</param>
    /// <returns><see langword="null"/> when that cannot be decided.</returns>
    public static bool? Matches(string declared, DetectedType? detected) =>
        detected is not null ? detected.Fits(declared) : TypeDetector.IsCertain(declared) ? false : null;

    /// <summary>Finds the reason why a part's content is refused.</summary>
    /// <param name="kind">The kind of the item.</param>
    /// <param name="part">The part.</param>
    /// <param name="detected">The detected type; <see langword="null"/> for an unknown one.</param>
    /// <returns>A sentence; <see langword="null"/> when the content is accepted.</returns>
    public static string? Refuse(MediaKind kind, MediaPart part, DetectedType? detected)
    {
        var matches = Matches(part.ContentType, detected);
        if (detected is { Content: ContentSort.Page or ContentSort.Program } && matches == false)
        {
            return $"Part {part.Number} is declared as {Shown(part)}, but contains {detected.Name}. Declare the type that it has.";
        }

        return IsOfKind(kind, part.ContentType, detected, matches)
            ? null
            : $"Part {part.Number} contains {detected?.Name ?? "bytes of an unknown type"}, which is not content of the kind "
                + $"'{MediaKinds.NameOf(kind)}'. Upload it as another kind, such as 'simple'.";
    }

    private static bool IsOfKind(MediaKind kind, string declared, DetectedType? detected, bool? matches)
    {
        var sort = detected?.Content;
        return kind switch
        {
            MediaKind.Image or MediaKind.Background or MediaKind.PanoEquirect or MediaKind.PanoCubemap =>
                sort is ContentSort.Image || IsUnknown("image/"),

            // Beside the video a poster, a sound track or subtitles.
            MediaKind.Video =>
                sort is ContentSort.Video or ContentSort.Audio or ContentSort.Image or ContentSort.Text || IsUnknown("video/")
                || IsUnknown("audio/"),
            MediaKind.Pdf => sort is ContentSort.Pdf,
            MediaKind.Zip or MediaKind.Pkpass => sort is ContentSort.Zip,
            MediaKind.Text => sort is ContentSort.Text or ContentSort.Page || detected?.Name is "image/svg+xml" or "text/x-shellscript",
            MediaKind.Model or MediaKind.GlbExtended => sort is not (ContentSort.Page or ContentSort.Program),
            _ => true,
        };

        // Of a type without a signature in the table.
        bool IsUnknown(string prefix) =>
            detected is null && matches is null && DetectedType.Bare(declared).StartsWith(prefix, StringComparison.Ordinal);
    }

    private static string Shown(MediaPart part) => part.ContentType.Length > 0 ? part.ContentType : "no type";
}
