using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Membership;

/// <summary>The settings for servers whose heartbeats stop. Bound from the <c>Membership</c> section.</summary>
public sealed class MembershipOptions
{
    public const string SectionName = "Membership";

    /// <summary>Gets or sets the interval at which the heartbeats are checked.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class MembershipOptionsValidator : IValidateOptions<MembershipOptions>;
