using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Copies;

/// <summary>When a copy still counts although its server is silent, and one that is being made although its worker is. Bound from the <c>Repair</c> section.</summary>
public sealed class LivenessOptions
{
    public const string SectionName = "Repair";

    /// <summary>How long a server may be silent before its copies no longer count and are made anew elsewhere.</summary>
    /// <value>The default is 10 minutes. Measured by the database's clock.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a worker that makes a copy may be silent before any other takes the copy up. It speaks four times in that time.</summary>
    /// <value>The default is 1 minute. Measured by the database's clock; the same in every worker.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WorkerTrust { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class LivenessOptionsValidator : IValidateOptions<LivenessOptions>;
