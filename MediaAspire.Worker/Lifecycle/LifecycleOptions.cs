using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Lifecycle;

/// <summary>The settings of expiration by lifecycle rules. Bound from the <c>Lifecycle</c> section.</summary>
public sealed class LifecycleOptions
{
    public const string SectionName = "Lifecycle";

    /// <summary>Gets or sets the pause between two walks.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or sets the length of a rule's day. Anything but 24 hours is for tests only: such days end by the tick, not at midnight.
    /// </summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan DayLength { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets or sets the time for which a completed multipart upload is kept, so that completing it again gets the same response.
    /// </summary>
    /// <value>The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan CompletedUploadAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the versions or uploads read at once.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Gets or sets the versions that go in one transaction; writers of their keys wait for it.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 50;

    /// <summary>Gets or sets the most versions and uploads that are examined in a second.</summary>
    /// <value>The default is 10,000.</value>
    [Range(1, 10_000_000)]
    public int MaxRate { get; set; } = 10_000;
}

/// <summary>Checks the data annotations of <see cref="LifecycleOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class LifecycleOptionsValidator : IValidateOptions<LifecycleOptions>;
