using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>How the S3 API presents itself. Bound from the <c>S3</c> section.</summary>
internal sealed class S3Options
{
    public const string SectionName = "S3";

    /// <summary>Gets or sets the port, of those that the process listens on, whose requests are S3's.</summary>
    /// <value>The default is none: the process serves no S3. It adds no listener; the process's addresses have to include the port.</value>
    [Range(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Gets or sets the region that buckets are in unless their creator names another.</summary>
    /// <value>The default value is <c>us-east-1</c>.</value>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Gets the domains in front of which a bucket's name may stand, as in <c>bucket.s3.example.org</c>.</summary>
    /// <value>The default is none: buckets are named in the path only.</value>
    public IList<string> Domains { get; } = [];

    /// <summary>Gets or sets the most bytes that one put or one part may have.</summary>
    /// <value>The default value is 5 GiB, as in S3.</value>
    [Range(1, long.MaxValue)]
    public long MaxPutSize { get; set; } = 5L * 1024 * 1024 * 1024;

    /// <summary>Gets or sets the fewest bytes that a part of a multipart upload may have, unless it is the last.</summary>
    /// <value>The default value is 5 MiB, as in S3.</value>
    [Range(1, 5L * 1024 * 1024 * 1024)]
    public long MinPartSize { get; set; } = 5 * 1024 * 1024;
}

/// <summary>Checks the data annotations of <see cref="S3Options"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class S3OptionsValidator : IValidateOptions<S3Options>;
