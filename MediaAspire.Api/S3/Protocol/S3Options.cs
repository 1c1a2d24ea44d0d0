using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Settings of the S3 API. Bound from the <c>S3</c> section.</summary>
internal sealed class S3Options
{
    public const string SectionName = "S3";

    /// <summary>Gets or sets the port on which the process serves S3.</summary>
    /// <value>
    /// Without it, the process does not serve S3. The setting adds no listener; the addresses of the process must include the
    /// port.
    /// </value>
    [Range(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Gets or sets the region of buckets whose creator names none.</summary>
    /// <value>The default value is <c>us-east-1</c>.</value>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Gets the domains that a bucket's name may precede, as in <c>bucket.s3.example.org</c>.</summary>
    /// <value>The default is empty: buckets are named in the path only.</value>
    public IList<string> Domains { get; } = [];

    /// <summary>Gets or sets the maximum size of one put or one part, in bytes.</summary>
    /// <value>The default value is 5 GiB, as in S3.</value>
    [Range(1, long.MaxValue)]
    public long MaxPutSize { get; set; } = 5L * 1024 * 1024 * 1024;

    /// <summary>Gets or sets the minimum size of a part of a multipart upload, in bytes; the last part may be smaller.</summary>
    /// <value>The default value is 5 MiB, as in S3.</value>
    [Range(1, 5L * 1024 * 1024 * 1024)]
    public long MinPartSize { get; set; } = 5 * 1024 * 1024;

    /// <summary>Gets or sets the requests in which signatures of version 2 (HMAC-SHA1) are accepted.</summary>
    /// <value><c>presigned</c> by default; <c>all</c> also accepts them in the header, <c>off</c> refuses them everywhere.</value>
    [EnumDataType(typeof(SignatureV2Use))]
    public SignatureV2Use SignatureV2 { get; set; } = SignatureV2Use.Presigned;
}

/// <summary>Checks the data annotations of <see cref="S3Options"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class S3OptionsValidator : IValidateOptions<S3Options>;
