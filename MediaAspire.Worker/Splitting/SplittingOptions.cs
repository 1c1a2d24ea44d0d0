using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Splitting;

/// <summary>The settings by which the sweeper maintains short-term storage. Bound from the <c>Splitting</c> section.</summary>
public sealed class SplittingOptions
{
    public const string SectionName = "Splitting";

    /// <summary>Gets or sets the interval at which short-term storage is swept and its gauges are refreshed.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the age at which a staged value is freed that gets no new piece and that no row refers to.</summary>
    /// <value>The default is 1 hour. A put that takes longer between its last byte and its commit fails.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the time after which the job of a staged version is enqueued again; it doubles each time.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RequeueAfter { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class SplittingOptionsValidator : IValidateOptions<SplittingOptions>;
