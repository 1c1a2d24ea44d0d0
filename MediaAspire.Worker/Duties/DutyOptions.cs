using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Duties;

/// <summary>The settings of the leases by which workers share the duties. Bound from the <c>Duties</c> section.</summary>
public sealed class DutyOptions
{
    public const string SectionName = "Duties";

    /// <summary>Gets or sets the duration of a lease without a renewal, after which another worker takes over.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets the pause after a run that failed, before it is tried again.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DutyOptionsValidator : IValidateOptions<DutyOptions>;
