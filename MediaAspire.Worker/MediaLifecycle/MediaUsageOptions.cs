using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>The settings of the media catalog's counters. Bound from the <c>Media</c> section.</summary>
public sealed class MediaUsageOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the pause between two folds. Reports are exact at any time; the pause bounds what they read.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the pause between two comparisons of the counters with a full count.</summary>
    /// <value>The default is 6 hours.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromHours(6);
}

/// <summary>Checks the data annotations of <see cref="MediaUsageOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class MediaUsageOptionsValidator : IValidateOptions<MediaUsageOptions>;
