using System.Globalization;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Worker.Processing;

namespace MediaAspire.Tests.Media.Processing;

public sealed class ProcessingOptionsTests
{
    [Theory]
    [InlineData("MaxTries", 0)]
    [InlineData("MaxTries", 101)]
    [InlineData("RetryDelay", "00:00:00")]
    [InlineData("MaxRetryDelay", "2.00:00:00")]
    [InlineData("ProcessTimeout", "00:00:00")]
    public void A_setting_out_of_range_is_refused(string name, object value)
    {
        var options = new MediaProcessingOptions();
        Assert.True(new MediaProcessingOptionsValidator().Validate(null, options).Succeeded);

        typeof(MediaProcessingOptions).GetProperty(name)!.SetValue(
            options, value is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : value);

        Assert.True(new MediaProcessingOptionsValidator().Validate(null, options).Failed);
    }

    [Fact]
    public void A_worker_without_places_is_refused()
    {
        Assert.True(new ProcessingWorkerOptionsValidator().Validate(null, new ProcessingWorkerOptions()).Succeeded);
        Assert.True(new ProcessingWorkerOptionsValidator().Validate(null, new ProcessingWorkerOptions { ProcessConcurrency = 0 }).Failed);
    }
}
