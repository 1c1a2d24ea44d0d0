using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>The settings by which this worker runs jobs. Bound from the <c>Jobs</c> section, beside <see cref="JobOptions"/>.</summary>
public sealed class JobWorkerOptions
{
    /// <summary>Gets or sets the number of jobs that this worker runs at once, except for kinds with places of their own.</summary>
    /// <value>The default is 16.</value>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>
    /// Gets or sets the duration of a lease without a heartbeat. A worker sends three in that time; the jobs of a killed one are due after
    /// it.
    /// </summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the longest time between two reads of the queue by an idle worker that gets no signal.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the upper limit of the random pause before the second attempt; it doubles with each attempt.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the greatest value of that limit.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the longest time of one attempt, after which it has failed.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan MaxRunTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the time for running jobs to finish when the worker stops; the others are cancelled and released.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets the time between two counts of the queue for the metrics.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StatsInterval { get; set; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class JobWorkerOptionsValidator : IValidateOptions<JobWorkerOptions>;
