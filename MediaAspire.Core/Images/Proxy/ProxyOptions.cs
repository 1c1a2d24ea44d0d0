using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Proxy;

/// <summary>The settings of images that are fetched from other servers. Bound from the <c>Images:Proxy</c> section.</summary>
public sealed class ProxyOptions
{
    public const string SectionName = "Images:Proxy";

    /// <summary>Gets or sets a value indicating whether keys with <c>images:write</c> may use <c>/images/proxy</c>.</summary>
    /// <value>The default is <see langword="true"/>. Nobody may without a key.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets the time after its last read at which a proxied image is removed.</summary>
    /// <value>The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the time for which an image is not asked for again, whatever its origin says.</summary>
    /// <value>The default is 1 minute: it protects the origin.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MinFresh { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the time for which an image is fresh when its origin does not say it.</summary>
    /// <value>The default is 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan DefaultFresh { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets or sets the time after which an image is asked for again, whatever its origin says.</summary>
    /// <value>The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaxFresh { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the time for which an image that is not fresh any more is sent when its origin fails.</summary>
    /// <value>The default is 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets or sets the time for which a failure of an origin is the answer, without another attempt.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailedFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the time that a request waits for an image.</summary>
    /// <value>The default is 30 seconds. Then it is answered with 503, and the work goes on.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the number of addresses that a worker fetches at once, for the proxy and for uploads each.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 8;

    /// <summary>Gets or sets the interval at which proxied images that nobody reads, and lost jobs, are looked for.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Computes the time for which a response is fresh.</summary>
    /// <param name="origin">The time that its origin allows; <see langword="null"/> when it says nothing.</param>
    public TimeSpan Bound(TimeSpan? origin)
    {
        var wanted = origin ?? DefaultFresh;
        return wanted < MinFresh ? MinFresh : wanted > MaxFresh ? MaxFresh : wanted;
    }
}

[OptionsValidator]
internal sealed partial class ProxyOptionsValidator : IValidateOptions<ProxyOptions>;

/// <summary>Validates the order of the times.</summary>
internal sealed class ProxyTimesValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options) =>
        options.MinFresh <= options.DefaultFresh && options.DefaultFresh <= options.MaxFresh
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ProxyOptions.SectionName}: MinFresh ({options.MinFresh}), DefaultFresh ({options.DefaultFresh}) and MaxFresh "
                + $"({options.MaxFresh}) must be in this order.");
}
