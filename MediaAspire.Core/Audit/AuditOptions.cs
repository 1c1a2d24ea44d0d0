using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Audit;

/// <summary>The settings of the audit log in processes that record events. Bound from the <c>Audit</c> section.</summary>
public sealed class AuditOptions
{
    public const string SectionName = "Audit";

    /// <summary>Gets or sets a value indicating whether events are recorded.</summary>
    /// <value>The default is <see langword="true"/>; the process logs a warning at its start otherwise.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether successful reads are recorded too.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Reads { get; set; }

    /// <summary>Gets or sets the time between two writes of events: a process that is killed loses the events of this time.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the events that wait for the database in memory. Then requests wait, and events are dropped.</summary>
    /// <value>The default is 65,536, about 20 MiB.</value>
    [Range(1, 10_000_000)]
    public int QueueCapacity { get; set; } = 65_536;

    /// <summary>Gets or sets the time in which equal refusals of one address are counted instead of recorded.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RefusalWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the most different refusals in a <see cref="RefusalWindow"/>; others are counted together.</summary>
    /// <value>The default is 200.</value>
    [Range(1, 100_000)]
    public int RefusalsPerWindow { get; set; } = 200;
}

/// <summary>Checks the data annotations of <see cref="AuditOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
