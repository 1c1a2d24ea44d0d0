using System.Text.Json.Serialization;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The options of a request for its uploads: limits below those of the settings, and the kind of alias.</summary>
public sealed record UploadWishes
{
    /// <summary>Gets the largest width; <see langword="null"/> for that of the settings, as with the others.</summary>
    public int? MaxWidth { get; init; }

    public int? MaxHeight { get; init; }

    public long? MaxArea { get; init; }

    public int? MaxFrameCount { get; init; }

    /// <summary>Gets the most bytes of a file.</summary>
    public long? MaxFileSize { get; init; }

    public bool AllowsImage { get; init; } = true;

    public bool AllowsAnimation { get; init; } = true;

    public bool AllowsVideo { get; init; } = true;

    /// <summary>Gets the alias to make; <see langword="null"/> for a random one with the extension of the format.</summary>
    public string? Alias { get; init; }

    /// <summary>Gets a value indicating whether the alias is removed when nobody reads it for long, as proxied images are.</summary>
    public bool IsCached { get; init; }

    /// <summary>Lowers limits; a wish for more than they allow has no effect.</summary>
    public ImageLimits Lower(ImageLimits limits) => limits with
    {
        Picture = Lower(limits.Picture),
        Animation = Lower(limits.Animation),
        Video = Lower(limits.Video),
        AllowsVideo = limits.AllowsVideo && AllowsVideo,
    };

    /// <summary>Finds out whether content of an unwanted kind came.</summary>
    /// <returns>The failure; <see langword="null"/> for none.</returns>
    public ImageFailure? Refuse(ImageDetails details)
    {
        var (isAllowed, kind) = ImageFormats.IsVideo(details.Format) ? (AllowsVideo, "a video")
            : details.Frames > 1 ? (AllowsAnimation, "an animation")
            : (AllowsImage, "a picture");
        return isAllowed ? null : new("media-disallowed", $"The file is {kind}, which the request does not allow.");
    }

    private FrameLimits Lower(FrameLimits limits) => new(
        Math.Min(limits.Width, MaxWidth ?? int.MaxValue),
        Math.Min(limits.Height, MaxHeight ?? int.MaxValue),
        Math.Min(limits.Area, MaxArea ?? long.MaxValue),
        Math.Min(limits.Frames, MaxFrameCount ?? int.MaxValue));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadWishes))]
internal sealed partial class UploadWishesJson : JsonSerializerContext;
