using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The settings of searches for media.</summary>
public sealed class MediaSearchOptions
{
    public const string SectionName = "MediaSearch";

    /// <summary>Gets or sets the time after which PostgreSQL ends a statement of a search; the search is refused as too costly.</summary>
    /// <value>100 ms to 1 minute; the default is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets the most searches that this process runs at once; more wait.</summary>
    /// <value>1 to 1,000; the default is 16.</value>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Gets or sets the time that a search waits for others before it is refused.</summary>
    /// <value>0 to 1 minute; the default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class MediaSearchOptionsValidator : IValidateOptions<MediaSearchOptions>;
