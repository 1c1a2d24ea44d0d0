using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The settings of variants. Bound from the <c>Images:Variants</c> section; the same in the API and the worker.</summary>
public sealed class VariantOptions
{
    public const string SectionName = "Images:Variants";

    /// <summary>Gets the named chains of operations.</summary>
    /// <value>By name, operations as in a query, such as <c>crop=1x1&amp;resize=320</c>. The default is none.</value>
    public IDictionary<string, string> Presets { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the presets that are made of every picture as soon as it is stored.</summary>
    /// <value>Names of <see cref="Presets"/> with an extension, such as <c>small.webp</c>. The default is none.</value>
    public IList<string> Eager { get; } = [];

    /// <summary>Gets or sets the bytes that all variants may have; those that were read longest ago are removed first.</summary>
    /// <value>The default is 20 GiB.</value>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Gets or sets the time after the last read at which a variant is removed.</summary>
    /// <value>The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the time for which a failure is remembered, before the picture is processed in that way again.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailureRetention { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the longest time that a request waits for a variant. The work goes on after it.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the number of requests that may wait for variants at once, in a process.</summary>
    /// <value>The default is 2,000.</value>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 2_000;

    /// <summary>Gets or sets the number of variants of one picture that may be wanted and not yet made, over all processes.</summary>
    /// <value>The default is 16.</value>
    [Range(1, 10_000)]
    public int MaxPendingPerImage { get; set; } = 16;

    /// <summary>Gets or sets the number of variants that may be wanted and not yet made, over all processes.</summary>
    /// <value>The default is 500.</value>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 500;

    /// <summary>Gets or sets the number of variants that one sender may wait for at once, in a process.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 10_000)]
    public int MaxPendingPerSender { get; set; } = 32;

    /// <summary>Gets or sets the number of variants that a worker makes at once.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Gets or sets the time between two writes of the times of reads.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan AccessInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time between two runs of the duty that removes variants.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}

[OptionsValidator]
internal sealed partial class VariantOptionsValidator : IValidateOptions<VariantOptions>;
