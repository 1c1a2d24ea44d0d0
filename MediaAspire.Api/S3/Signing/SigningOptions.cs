using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Settings of signatures. Bound from the <c>S3:Signing</c> section.</summary>
internal sealed class SigningOptions
{
    public const string SectionName = "S3:Signing";

    /// <summary>Gets or sets the region that requests must be signed for.</summary>
    /// <value>The name of a region, of at most 63 characters. Without it, every region is accepted.</value>
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("[a-z0-9-]+")]
    public string? Region { get; set; }

    /// <summary>Gets or sets the maximum difference between the time of a request and that of this server, in either direction.</summary>
    /// <value>1 second to 1 day; 15 minutes by default, as with S3.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxClockSkew { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Checks the data annotations of <see cref="SigningOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class SigningOptionsValidator : IValidateOptions<SigningOptions>;
