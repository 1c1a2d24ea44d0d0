using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Security;

/// <summary>The settings of the API's authentication. Bound from the <c>Security</c> configuration section.</summary>
/// <remarks>Core.ApiKeys.ApiKeyOptions has the rest of the section.</remarks>
internal sealed class SecurityOptions
{
    public const string SectionName = "Security";

    /// <summary>Gets or sets a value indicating whether every request is accepted without a key, as if it had every scope.</summary>
    /// <value>The default is false; true is refused in Production.</value>
    public bool Open { get; set; }
}

/// <summary>Refuses to serve without keys in Production.</summary>
internal sealed class SecurityOptionsValidator(IHostEnvironment environment) : IValidateOptions<SecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityOptions options) =>
        options.Open && environment.IsProduction()
            ? ValidateOptionsResult.Fail(
                $"{SecurityOptions.SectionName}:{nameof(options.Open)} is true, which is refused in Production: anybody could read and "
                + "delete every file. Remove the setting, and set Security:AdminKey.")
            : ValidateOptionsResult.Success;
}
