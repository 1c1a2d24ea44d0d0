using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Which signatures are taken. Bound from the <c>S3:Signing</c> section.</summary>
internal sealed class SigningOptions
{
    public const string SectionName = "S3:Signing";

    /// <summary>Gets or sets the region that requests must be signed for.</summary>
    /// <value>A region's name of at most 63 characters; by default none, and every region is taken.</value>
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("[a-z0-9-]+")]
    public string? Region { get; set; }

    /// <summary>Gets or sets how far a request's time may be from this server's, either way.</summary>
    /// <value>1 second to 1 day; 15 minutes by default, as with S3.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxClockSkew { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Checks the data annotations of <see cref="SigningOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class SigningOptionsValidator : IValidateOptions<SigningOptions>;
