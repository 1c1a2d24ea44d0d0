using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Splitting;

/// <summary>How the sweeper looks after short-term storage. Bound from the <c>Splitting</c> section.</summary>
public sealed class SplittingOptions
{
    public const string SectionName = "Splitting";

    /// <summary>Pause between two looks at short-term storage; its gauges are as old as this.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a staged value may be without a new piece and without a row that refers to it, before it is freed.</summary>
    /// <value>The default is 1 hour. A put that takes longer between its last byte and its commit fails.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a version may stay staged before its job is enqueued again; after each time it waits twice as long.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RequeueAfter { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class SplittingOptionsValidator : IValidateOptions<SplittingOptions>;
