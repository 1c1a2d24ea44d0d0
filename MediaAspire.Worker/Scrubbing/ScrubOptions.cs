using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Scrubbing;

/// <summary>The settings of the scrub, which reads every copy back. Bound from the <c>Scrubbing</c> section.</summary>
public sealed class ScrubOptions
{
    public const string SectionName = "Scrubbing";

    /// <summary>Gets or sets a value indicating whether scheduled scrubs start; commanded ones always do.</summary>
    /// <value>The default is true.</value>
    public bool Scheduled { get; set; } = true;

    /// <summary>Gets or sets the time from the start of one scheduled scrub to the next, which bounds the age of a verification.</summary>
    /// <value>The default is 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Gets or sets the most bytes a second that are read back, over all servers together.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxBytesPerSecond { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the number of copies that one server reads back at the same time.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 64)]
    public int ConcurrentPerServer { get; set; } = 1;

    /// <summary>Gets or sets the interval at which the duty checks for work; commands take effect at once.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the time to wait for absent servers once the others are done.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan WaitForAbsent { get; set; } = TimeSpan.FromHours(1);
}

[OptionsValidator]
internal sealed partial class ScrubOptionsValidator : IValidateOptions<ScrubOptions>;
