using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Integrity;

/// <summary>The settings of the walk over all chunks. Bound from the <c>Integrity</c> section.</summary>
public sealed class IntegrityOptions
{
    public const string SectionName = "Integrity";

    /// <summary>Gets or sets the pause between two walks over all chunks.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the number of chunks that one transaction counts.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class IntegrityOptionsValidator : IValidateOptions<IntegrityOptions>;
