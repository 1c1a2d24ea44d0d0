using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Files;

/// <summary>Timings of uploads. Bound from the <c>Uploads</c> section.</summary>
public sealed class UploadOptions
{
    public const string SectionName = "Uploads";

    /// <summary>Gets or sets the time without a new byte after which an upload session expires.</summary>
    /// <value>The default value is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the time limit for removing an aborted upload, after which its chunks are left to the sweeper.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CleanUpTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>The check of the data annotations of <see cref="UploadOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class UploadOptionsValidator : IValidateOptions<UploadOptions>;
