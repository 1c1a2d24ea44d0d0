using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Rebalancing;

/// <summary>The settings of moving copies to other servers. Bound from the <c>Rebalancing</c> section.</summary>
public sealed class RebalancingOptions
{
    public const string SectionName = "Rebalancing";

    /// <summary>
    /// Gets or sets the interval at which the duty checks for copies to move, and the pause before a failed move is tried again.
    /// </summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets a value indicating whether a server that joins is filled automatically. A server that drains is always emptied.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Automatic { get; set; } = true;

    /// <summary>
    /// Gets or sets the time for which a server must be nearly empty before it is filled. Servers that join together are filled together.
    /// </summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan SettleDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the part of the mean bytes below which a server counts as nearly empty.</summary>
    /// <value>The default is 0.25.</value>
    [Range(0.0, 0.9)]
    public double EmptyShare { get; set; } = 0.25;

    /// <summary>Gets or sets the time for which a server is left alone after it was filled or its rebalance was cancelled.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan HoldAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the pause before a drain that could not move everything is tried again.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the most bytes a second that all moves of all workers copy together; 0 disables the limit.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(0, long.MaxValue)]
    public long MaxBytesPerSecond { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the number of copies that one worker moves at a time.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Gets or sets the interval at which a move checks whether its rebalance was paused or cancelled.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ControlInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the time for which ended rebalances and their moves are kept.</summary>
    /// <value>The default is 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan History { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class RebalancingOptionsValidator : IValidateOptions<RebalancingOptions>;
