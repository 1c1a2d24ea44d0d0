using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Copies;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Repair;

/// <summary>The settings of repair. Bound from the <c>Repair</c> section, beside <see cref="LivenessOptions"/>.</summary>
public sealed class RepairOptions
{
    public const string SectionName = "Repair";

    /// <summary>
    /// Gets or sets the interval at which the duty checks for work without a signal, and the pause before a chunk that could not be
    /// repaired is tried again.
    /// </summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the most bytes a second that all repairs of all workers copy together; 0 disables the limit.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerSecond { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the number of chunks that one worker repairs at a time.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 4;

    /// <summary>
    /// Gets or sets the number of chunks that are searched, once an interval, for surplus copies; the next search goes on from there.
    /// </summary>
    /// <value>The default is 20,000.</value>
    [Range(1, 10_000_000)]
    public int SurplusPage { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class RepairOptionsValidator : IValidateOptions<RepairOptions>;
