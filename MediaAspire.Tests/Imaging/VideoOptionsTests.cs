using MediaAspire.Worker.Imaging;

namespace MediaAspire.Tests.Imaging;

public sealed class VideoOptionsTests
{
    public static TheoryData<VideoOptions> Wrong { get; } =
    [
        new() { Ffmpeg = "" },
        new() { Ffprobe = "" },
        new() { MaxMemoryBytes = 1 },
        new() { MaxFileBytes = 1 },
        new() { Timeout = TimeSpan.Zero },
        new() { TranscodeTimeout = TimeSpan.FromDays(2) },
        new() { MaxDuration = TimeSpan.Zero },
        new() { PreviewDuration = TimeSpan.FromMinutes(2) },
        new() { PreviewFrameRate = 0 },
        new() { PreviewSize = 1 },
        new() { Concurrency = 0 },
    ];

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_setting_out_of_range_is_refused(VideoOptions options)
    {
        Assert.True(new VideoOptionsValidator().Validate(null, new()).Succeeded);
        Assert.True(new VideoOptionsValidator().Validate(null, options).Failed);
    }
}
