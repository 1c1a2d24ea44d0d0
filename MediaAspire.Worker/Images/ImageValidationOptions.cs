using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Images;

/// <summary>The settings of an external judge of uploads. Bound from the <c>Images:Validation</c> section.</summary>
public sealed class ImageValidationOptions
{
    public const string SectionName = "Images:Validation";

    /// <summary>Gets or sets the address to which the bytes of each upload are posted. A status of 2xx accepts them.</summary>
    /// <value>An absolute http or https address. The default is empty, for none.</value>
    public string Url { get; set; } = "";

    /// <summary>Gets or sets the time that the judge has.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class ImageValidationOptionsValidator : IValidateOptions<ImageValidationOptions>;

/// <summary>Validates the address.</summary>
internal sealed class ImageValidationUrlValidator : IValidateOptions<ImageValidationOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageValidationOptions options) =>
        options.Url.Length == 0 || (Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ImageValidationOptions.SectionName}:{nameof(options.Url)} is \"{options.Url}\". It must be an absolute http or https "
                + "address, or empty.");
}
