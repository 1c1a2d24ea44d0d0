using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Jobs;

/// <summary>The settings of the queue. Bound from the <c>Jobs</c> section; the same in the API and the worker.</summary>
public sealed class JobOptions
{
    public const string SectionName = "Jobs";

    /// <summary>Gets or sets the engine that keeps the jobs.</summary>
    /// <value>The default is PostgreSQL.</value>
    [EnumDataType(typeof(JobProvider))]
    public JobProvider Provider { get; set; } = JobProvider.Postgres;

    /// <summary>Gets or sets the attempts before a job becomes a dead letter, unless the job has its own limit.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Gets or sets the number of unfinished jobs of one kind above which no more are accepted.</summary>
    /// <value>The default is 100,000.</value>
    [Range(1, 10_000_000)]
    public int MaxDepth { get; set; } = 100_000;

    /// <summary>Gets or sets the time limit of one command to the queue's engine.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

public enum JobProvider
{
    /// <summary>A table; jobs can be enqueued within the caller's transaction.</summary>
    Postgres,

    /// <summary>Lists in Redis, which has to fsync every write.</summary>
    Redis,
}

[OptionsValidator]
internal sealed partial class JobOptionsValidator : IValidateOptions<JobOptions>;
