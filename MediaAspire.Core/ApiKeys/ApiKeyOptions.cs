using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

/// <summary>The settings of API keys. Bound from the <c>Security</c> configuration section.</summary>
public sealed class ApiKeyOptions
{
    public const string SectionName = "Security";

    /// <summary>Gets or sets a key with every scope that exists from the first start on.</summary>
    /// <value>
    /// The whole text, <c>ma_&lt;keyId&gt;_&lt;secret&gt;</c>; unset by default. Another secret takes the place of the old one at the next
    /// start.
    /// </value>
    public string? AdminKey { get; set; }

    /// <summary>
    /// Gets or sets the time for which a process caches a key: the longest that a key may work after another process disabled, rotated or
    /// deleted it, and the longest that an id is refused that did not exist at its last look-up.
    /// </summary>
    /// <value>The default is 5 seconds; 0 asks the database at every request.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan KeysCachedFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the time between two writes of the last uses of keys.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UsesWrittenEvery { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class ApiKeyOptionsValidator : IValidateOptions<ApiKeyOptions>;

/// <summary>Validates the text of the admin key.</summary>
internal sealed class ApiKeyOptionsCustomValidator : IValidateOptions<ApiKeyOptions>
{
    // The value is a secret, and stays out of the message.
    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options) =>
        string.IsNullOrEmpty(options.AdminKey) || ApiKeyFormat.TryParse(options.AdminKey, out _, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ApiKeyOptions.SectionName}:{nameof(options.AdminKey)} is not an API key: {ApiKeyFormat.Rule}. "
                + "Create one with echo ma_root_$(openssl rand -hex 32).");
}
