using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The settings of uploads of images. Bound from the <c>Images:Uploads</c> section.</summary>
public sealed class ImageUploadOptions
{
    public const string SectionName = "Images:Uploads";

    private const long MiB = 1 << 20;

    /// <summary>Gets or sets the most files of one request.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 100)]
    public int MaxFiles { get; set; } = 1;

    /// <summary>Gets or sets the most bytes of one file.</summary>
    /// <value>The default is 40 MiB.</value>
    [Range(1, 64L << 30)]
    public long MaxSize { get; set; } = 40 * MiB;

    /// <summary>Gets or sets the time that a request waits for its images. Afterwards it is answered with ids to claim them by.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time that a claim waits for the result.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ClaimLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the time for which an upload is kept that waits, or whose result nobody has claimed.</summary>
    /// <value>The default is 1 hour. Then the upload is removed, and its image too.</value>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the age at which the job of a waiting upload is enqueued again, because it may be lost.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan JobLostAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the interval at which lost jobs and expired uploads are looked for.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the number of images that a worker ingests at once.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 8;
}

[OptionsValidator]
internal sealed partial class ImageUploadOptionsValidator : IValidateOptions<ImageUploadOptions>;
