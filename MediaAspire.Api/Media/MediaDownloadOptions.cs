using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>The settings of downloads of media. Bound from the <c>Media</c> section.</summary>
public sealed class MediaDownloadOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the lifetime of the addresses from which private media are downloaded.</summary>
    /// <value>The default is 3 hours; the longest is 7 days, which Signature Version 4 allows.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan DownloadsFor { get; set; } = TimeSpan.FromHours(3);

    /// <summary>Gets or sets the address of this API for people outside, with which links to shared media begin.</summary>
    /// <value>Unset by default: links are paths, and clients put the address that they know before them.</value>
    [Url]
    public string? PublicAddress { get; set; }
}

/// <summary>Checks the data annotations of <see cref="MediaDownloadOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class MediaDownloadOptionsValidator : IValidateOptions<MediaDownloadOptions>;
