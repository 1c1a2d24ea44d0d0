using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Files;

/// <summary>Limits of the file routes. Bound from the <c>Files</c> configuration section.</summary>
public sealed class FileOptions
{
    public const string SectionName = "Files";

    /// <summary>Gets or sets the largest file accepted, in bytes.</summary>
    /// <value>The default value is 10 GiB.</value>
    [Range(0, long.MaxValue / 2)]
    public long MaxSize { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Gets or sets the longest filename accepted, in bytes of UTF-8.</summary>
    /// <value>The default value is 255, the limit of common file systems.</value>
    [Range(1, 4096)]
    public int MaxFilenameBytes { get; set; } = 255;

    /// <summary>Gets or sets the maximum number of ranges in one request.</summary>
    /// <value>The default value is 64; a request for more gets the whole file.</value>
    [Range(1, 1024)]
    public int MaxRanges { get; set; } = 64;
}

/// <summary>Checks the data annotations of <see cref="FileOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class FileOptionsValidator : IValidateOptions<FileOptions>;
