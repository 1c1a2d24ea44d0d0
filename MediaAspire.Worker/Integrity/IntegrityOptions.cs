using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Integrity;

/// <summary>How often all chunks are looked at. Bound from the <c>Integrity</c> section.</summary>
public sealed class IntegrityOptions
{
    public const string SectionName = "Integrity";

    /// <summary>Pause between two walks over all chunks.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Chunks looked at in one transaction.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class IntegrityOptionsValidator : IValidateOptions<IntegrityOptions>;
