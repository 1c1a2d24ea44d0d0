using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Tags;

/// <summary>The settings of the counters of tags. Bound from the <c>Media</c> section.</summary>
public sealed class TagOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the pause between two folds. The numbers are exact at any time; the pause bounds what a list reads.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TagFoldInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the pause between two comparisons of the counters with a full count.</summary>
    /// <value>The default is 6 hours.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan TagAuditInterval { get; set; } = TimeSpan.FromHours(6);
}

/// <summary>Checks the data annotations of <see cref="TagOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class TagOptionsValidator : IValidateOptions<TagOptions>;
