using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Processing;

/// <summary>The settings of the processing of media. Bound from the <c>Media</c> section; the same in the API and the worker.</summary>
public sealed class MediaProcessingOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the attempts at processing an item before it is <c>failed</c>.</summary>
    /// <value>The default is 5.</value>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 5;

    /// <summary>Gets or sets the longest pause after the first failure. It doubles with each, up to <see cref="MaxRetryDelay"/>.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the longest pause between two attempts.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the longest time of one attempt.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan ProcessTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets a value indicating whether an item fails whose content is not of its kind, or is a program or a page under another
    /// type.
    /// </summary>
    /// <value>The default is <see langword="true"/>; otherwise the item's details show the difference only.</value>
    public bool RefuseMismatched { get; set; } = true;
}

/// <summary>Checks the data annotations of <see cref="MediaProcessingOptions"/>; source-generated.</summary>
[OptionsValidator]
public sealed partial class MediaProcessingOptionsValidator : IValidateOptions<MediaProcessingOptions>;
