using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Copies;

/// <summary>
/// The settings of the time for which copies of silent servers, and attempts of silent workers, still count. Bound from the <c>Repair</c>
/// section.
/// </summary>
public sealed class LivenessOptions
{
    public const string SectionName = "Repair";

    /// <summary>
    /// Gets or sets the time without a heartbeat after which a server's copies no longer count and are recreated elsewhere.
    /// </summary>
    /// <value>The default is 10 minutes. Measured by the database's clock.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets or sets the time without a renewal after which another worker may finish a copy. A worker renews four times in that time.
    /// </summary>
    /// <value>The default is 1 minute. Measured by the database's clock; the same in every worker.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WorkerTrust { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class LivenessOptionsValidator : IValidateOptions<LivenessOptions>;
