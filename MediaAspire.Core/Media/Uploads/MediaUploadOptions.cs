using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The settings of uploads of media. Bound from the <c>Media</c> section.</summary>
public sealed class MediaUploadOptions
{
    public const string SectionName = "Media";

    /// <summary>The largest object of S3, in bytes.</summary>
    public const long LargestPart = 5L << 40;

    private const long MiB = 1 << 20;

    /// <summary>Gets or sets the largest part of each kind, by the kind's name.</summary>
    /// <value>
    /// Bytes, 0 to 5 TiB. The defaults are 50 MiB for <c>image</c>, 2 MiB for <c>background</c>, 314 MiB for <c>model</c>, 20 MiB for
    /// <c>zip</c> and <c>pkpass</c>, 1 GiB for <c>video</c>, and 100 MiB for the others.
    /// </value>
    public Dictionary<string, long> MaxSizes { get; set; } = new(StringComparer.Ordinal)
    {
        ["image"] = 50 * MiB,
        ["background"] = 2 * MiB,
        ["model"] = 314 * MiB,
        ["zip"] = 20 * MiB,
        ["pkpass"] = 20 * MiB,
        ["video"] = 1024 * MiB,
    };

    /// <summary>Gets or sets the largest part of a kind that <see cref="MaxSizes"/> does not name.</summary>
    /// <value>The default is 100 MiB.</value>
    [Range(0, LargestPart)]
    public long MaxSize { get; set; } = 100 * MiB;

    /// <summary>Gets or sets the time after which a new item is removed whose parts have not all been uploaded.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan PendingFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets the time after its upload at which a temporary item is removed.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan TemporaryFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets the size of a part of an upload in parts.</summary>
    /// <value>The default is 64 MiB. Larger where an object would have more than 1,000 of them.</value>
    [Range(5 * MiB, 5L << 30)]
    public long MultipartSize { get; set; } = 64 * MiB;

    /// <summary>Gets or sets the number of parts of an item that are checked in the store at the same time.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 64)]
    public int ConcurrentChecks { get; set; } = 8;

    /// <summary>Gets or sets the time that copying and hashing one part may take.</summary>
    /// <value>The default is 1 hour. The grace of the audit is longer, so that it does not delete the copy.</value>
    [Range(typeof(TimeSpan), "00:00:10", "12:00:00")]
    public TimeSpan VerifyWithin { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets the largest part of a kind, in bytes.</summary>
    public long MaxSizeOf(MediaKind kind) => MaxSizes.GetValueOrDefault(MediaKinds.NameOf(kind), MaxSize);
}

[OptionsValidator]
internal sealed partial class MediaUploadOptionsValidator : IValidateOptions<MediaUploadOptions>;

/// <summary>Validates the sizes by kind.</summary>
internal sealed class MediaSizesValidator : IValidateOptions<MediaUploadOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaUploadOptions options)
    {
        var faults = options.MaxSizes
            .Where(size => !MediaKinds.TryParse(size.Key, out _) || size.Value is < 0 or > MediaUploadOptions.LargestPart)
            .Select(size =>
                $"{MediaUploadOptions.SectionName}:{nameof(options.MaxSizes)}:{size.Key} is {size.Value}. Use a number of bytes from 0 to "
                + $"{MediaUploadOptions.LargestPart}, and one of the kinds {string.Join(", ", MediaKinds.Names)}.")
            .ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
