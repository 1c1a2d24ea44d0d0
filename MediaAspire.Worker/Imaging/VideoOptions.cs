using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>The settings of the work on videos and APNG, by ffmpeg and ffprobe. Bound from the <c>Imaging:Video</c> section.</summary>
public sealed class VideoOptions
{
    public const string SectionName = "Imaging:Video";

    /// <summary>Gets or sets the program ffmpeg: a path, or a name that is looked up in <c>PATH</c>.</summary>
    /// <value>The default is <c>ffmpeg</c>.</value>
    [Required]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>Gets or sets the program ffprobe: a path, or a name that is looked up in <c>PATH</c>.</summary>
    /// <value>The default is <c>ffprobe</c>.</value>
    [Required]
    public string Ffprobe { get; set; } = "ffprobe";

    /// <summary>Gets or sets the address space of one program, in bytes.</summary>
    /// <value>The default is 1 GiB, which is enough for videos of 3840 × 2160.</value>
    [Range(128L * 1024 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxMemoryBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Gets or sets the largest file that a program writes, in bytes.</summary>
    /// <value>The default is 2 GiB.</value>
    [Range(1024L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxFileBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Gets or sets the processor time of a program that reads details, takes a frame or makes a preview.</summary>
    /// <value>The default is 30 seconds. Fractions of a second are rounded up.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the processor time of a program that makes a video.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan TranscodeTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the playing time at which a video that is made is cut off.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the playing time of an animation that previews a video.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PreviewDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the most frames of such an animation in a second.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 60)]
    public int PreviewFrameRate { get; set; } = 10;

    /// <summary>Gets or sets the largest width and height of such an animation, in pixels; smaller videos are not enlarged.</summary>
    /// <value>The default is 640.</value>
    [Range(16, 4096)]
    public int PreviewSize { get; set; } = 640;

    /// <summary>Gets or sets the number of programs that a worker runs at once.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;
}

/// <summary>Checks the data annotations of <see cref="VideoOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class VideoOptionsValidator : IValidateOptions<VideoOptions>;
