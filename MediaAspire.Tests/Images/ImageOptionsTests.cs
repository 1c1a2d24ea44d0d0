using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Images;

namespace MediaAspire.Tests.Images;

public sealed class ImageOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_those_of_the_contract()
    {
        Assert.True(new ImageOptionsValidator().Validate(null, new ImageOptions()).Succeeded);
        Assert.True(new ImageUploadOptionsValidator().Validate(null, new ImageUploadOptions()).Succeeded);
        Assert.True(new ImageLimitOptionsValidator().Validate(null, new ImageLimitOptions()).Succeeded);
        Assert.True(new ImageValidationOptionsValidator().Validate(null, new ImageValidationOptions()).Succeeded);
        var (limits, contract) = (new ImageLimitOptions().ToLimits(), new ImageLimits());
        Assert.Equal((contract.Picture, contract.Animation, contract.Video), (limits.Picture, limits.Animation, limits.Video));
        Assert.Equal((true, false), (limits.AllowsVideo, limits.AllowsAudio));
    }

    [Fact]
    public void Values_that_make_no_sense_are_refused()
    {
        Assert.True(new ImageOptionsValidator().Validate(null, new ImageOptions { Store = (ImageStore)7 }).Failed);
        AssertRefused(new ImageUploadOptions { MaxFiles = 0 }, nameof(ImageUploadOptions.MaxFiles));
        AssertRefused(new ImageUploadOptions { MaxSize = 0 }, nameof(ImageUploadOptions.MaxSize));
        AssertRefused(new ImageUploadOptions { WaitLimit = TimeSpan.Zero }, nameof(ImageUploadOptions.WaitLimit));
        AssertRefused(new ImageUploadOptions { KeptFor = TimeSpan.Zero }, nameof(ImageUploadOptions.KeptFor));
        AssertRefused(new ImageUploadOptions { Concurrency = 0 }, nameof(ImageUploadOptions.Concurrency));
        Assert.True(new ImageLimitOptionsValidator()
            .Validate(null, new ImageLimitOptions { Picture = new() { Width = 0, Height = 1, Area = 1, Frames = 1 } }).Failed);
        foreach (var url in new[] { "example.com", "ftp://example.com/", "/judge" })
        {
            Assert.True(new ImageValidationUrlValidator().Validate(null, new ImageValidationOptions { Url = url }).Failed, url);
        }

        Assert.True(new ImageValidationUrlValidator().Validate(null, new ImageValidationOptions { Url = "http://judge/a" }).Succeeded);
    }

    [Fact]
    public void Wishes_lower_limits_and_never_raise_them()
    {
        var limits = new ImageLimits();

        var lower = new UploadWishes { MaxWidth = 100, MaxArea = long.MaxValue, MaxFrameCount = 5, AllowsVideo = false }.Lower(limits);

        Assert.Equal(new FrameLimits(100, 10_000, 40_000_000, 1), lower.Picture);
        Assert.Equal(new FrameLimits(100, 1_920, 2_073_600, 5), lower.Animation);
        Assert.Equal((100, false), (lower.Video.Width, lower.AllowsVideo));
        Assert.False(new UploadWishes().Lower(limits with { AllowsVideo = false }).AllowsVideo);
    }

    private static void AssertRefused(ImageUploadOptions options, string property) => Assert.Contains(
        property, Assert.Single(new ImageUploadOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
}
