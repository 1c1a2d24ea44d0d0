using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The limits of the content of images. Bound from the <c>Images:Limits</c> section.</summary>
public sealed class ImageLimitOptions
{
    public const string SectionName = "Images:Limits";

    /// <summary>Gets or sets the limits of pictures.</summary>
    /// <value>The default is 10,000 × 10,000 pixels, and 40,000,000 pixels in all.</value>
    [ValidateObjectMembers]
    public FrameLimitOptions Picture { get; set; } = FrameLimitOptions.Of(new ImageLimits().Picture);

    /// <summary>Gets or sets the limits of animations.</summary>
    /// <value>The default is 1,920 × 1,920 pixels, 2,073,600 pixels a frame, and 900 frames.</value>
    [ValidateObjectMembers]
    public FrameLimitOptions Animation { get; set; } = FrameLimitOptions.Of(new ImageLimits().Animation);

    /// <summary>Gets or sets the limits of videos.</summary>
    /// <value>The default is 3,840 × 3,840 pixels, 8,294,400 pixels a frame, and 900 frames.</value>
    [ValidateObjectMembers]
    public FrameLimitOptions Video { get; set; } = FrameLimitOptions.Of(new ImageLimits().Video);

    /// <summary>Gets or sets a value indicating whether videos are accepted.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool AllowVideo { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether videos may have sound.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowAudio { get; set; }

    /// <summary>Gets or sets the formats that are accepted.</summary>
    /// <value>The default is empty, for all.</value>
    public IList<ImageFormat> Formats { get; set; } = [];

    /// <summary>Makes the limits.</summary>
    public ImageLimits ToLimits() => new()
    {
        Picture = Picture.ToLimits(),
        Animation = Animation.ToLimits(),
        Video = Video.ToLimits(),
        AllowsVideo = AllowVideo,
        AllowsAudio = AllowAudio,
        Formats = [.. Formats],
    };
}

/// <summary>Limits of frames.</summary>
public sealed class FrameLimitOptions
{
    /// <summary>Gets or sets the largest width, in pixels.</summary>
    [Range(1, 100_000)]
    public int Width { get; set; }

    /// <summary>Gets or sets the largest height, in pixels.</summary>
    [Range(1, 100_000)]
    public int Height { get; set; }

    /// <summary>Gets or sets the most pixels of one frame.</summary>
    [Range(1, 10_000_000_000)]
    public long Area { get; set; }

    /// <summary>Gets or sets the most frames.</summary>
    [Range(1, 1_000_000)]
    public int Frames { get; set; }

    internal static FrameLimitOptions Of(FrameLimits limits) =>
        new() { Width = limits.Width, Height = limits.Height, Area = limits.Area, Frames = limits.Frames };

    internal FrameLimits ToLimits() => new(Width, Height, Area, Frames);
}

[OptionsValidator]
internal sealed partial class ImageLimitOptionsValidator : IValidateOptions<ImageLimitOptions>;
