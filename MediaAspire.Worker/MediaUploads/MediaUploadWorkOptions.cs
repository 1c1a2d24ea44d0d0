using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Media.Uploads;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaUploads;

/// <summary>The settings of the work on uploaded objects. Bound from the <c>MediaObjects</c> section.</summary>
public sealed class MediaUploadWorkOptions
{
    public const string SectionName = "MediaObjects";

    /// <summary>Gets or sets the number of parts that this worker hashes at the same time.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int ConcurrentHashes { get; set; } = 2;

    /// <summary>Gets or sets the number of objects that this worker deletes at the same time.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 64)]
    public int ConcurrentDeletions { get; set; } = 8;

    /// <summary>Gets or sets the interval at which deletions are looked for that no signal announces.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan DeletionInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time after the expiry of its address at which a removed object is deleted again.</summary>
    /// <value>The default is 5 minutes. At least the difference between the clocks of the database and the object store.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DeletionMargin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the interval at which the catalog is compared with the object store.</summary>
    /// <value>The default is 12 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Gets or sets the age at which an object that nothing refers to is deleted.</summary>
    /// <value>
    /// The default is 2 days. Longer than the lifetime of an address and the time of its upload, and than <c>Media:VerifyWithin</c>.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan AuditGrace { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Gets or sets a value indicating whether scheduled audits report and change nothing.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AuditDryRun { get; set; }
}

[OptionsValidator]
internal sealed partial class MediaUploadWorkOptionsValidator : IValidateOptions<MediaUploadWorkOptions>;

/// <summary>Validates the grace of the audit against the time of a verification.</summary>
internal sealed class AuditGraceValidator(IOptions<MediaUploadOptions> uploads) : IValidateOptions<MediaUploadWorkOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaUploadWorkOptions options) =>
        options.AuditGrace > uploads.Value.VerifyWithin
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{MediaUploadWorkOptions.SectionName}:{nameof(options.AuditGrace)} is {options.AuditGrace}. It must be longer than "
                + $"{MediaUploadOptions.SectionName}:{nameof(uploads.Value.VerifyWithin)}, which is {uploads.Value.VerifyWithin}: "
                    + "the audit "
                + "would delete copies that are being hashed.");
}
