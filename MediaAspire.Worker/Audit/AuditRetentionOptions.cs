using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Audit;

/// <summary>The settings of the retention of audit events. Bound from the <c>Audit</c> section.</summary>
public sealed class AuditRetentionOptions
{
    public const string SectionName = "Audit";

    /// <summary>Gets or sets the age at which events are removed, in whole days of UTC.</summary>
    /// <value>The default is 90 days; at least 1 day.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Gets or sets the pause between two runs.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Checks the data annotations of <see cref="AuditRetentionOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class AuditRetentionOptionsValidator : IValidateOptions<AuditRetentionOptions>;
