using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

/// <summary>The settings of access keys. Bound from the <c>S3</c> configuration section.</summary>
public sealed class AccessKeyOptions
{
    public const string SectionName = "S3";

    /// <summary>Gets or sets the key that secrets are sealed under in the database.</summary>
    /// <value>
    /// Base64 of 32 bytes; required. Every process that serves S3 has the same one. If it is lost, every access key must be recreated.
    /// </value>
    [Required]
    public string SecretsKey { get; set; } = "";

    /// <summary>
    /// Gets the keys that secrets may still be sealed under. They only open secrets, which are sealed again at the start.
    /// </summary>
    /// <value>Each is base64 of 32 bytes; the default is empty.</value>
    public IList<string> OldSecretsKeys { get; } = [];

    /// <summary>Gets or sets the id of an access key that exists from the first start on.</summary>
    /// <value>3 to 128 letters, digits, dots, hyphens and underscores; unset by default.</value>
    public string? RootAccessKey { get; set; }

    /// <summary>
    /// Gets or sets the secret of <see cref="RootAccessKey"/>. Another value takes the place of the old one at the next start.
    /// </summary>
    /// <value>8 to 128 printable ASCII characters without spaces, quotes and semicolons.</value>
    public string? RootSecretKey { get; set; }

    /// <summary>Gets or sets the owner of <see cref="RootAccessKey"/>.</summary>
    /// <value>The default is 64 zeros: a canonical id has 64 hexadecimal digits.</value>
    [RegularExpression(OwnerId.Pattern)]
    public string RootOwnerId { get; set; } = new('0', AccessKeyFormat.CanonicalIdLength);

    /// <summary>Gets or sets the name of <see cref="RootOwnerId"/> for people.</summary>
    /// <value>The default is "root".</value>
    [StringLength(AccessKeyFormat.MaxDisplayNameLength, MinimumLength = 1)]
    public string RootDisplayName { get; set; } = "root";

    /// <summary>
    /// Gets or sets the time for which a process caches a key: the longest that a key may work after another process
    /// disabled or deleted it.
    /// </summary>
    /// <value>The default is 5 seconds; 0 asks the database at every request.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan KeysCachedFor { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class AccessKeyOptionsValidator : IValidateOptions<AccessKeyOptions>;

/// <summary>Validates the length of the secrets key, and that the root key is complete.</summary>
internal sealed class AccessKeyOptionsCustomValidator : IValidateOptions<AccessKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessKeyOptions options)
    {
        var errors = new List<string>();
        if (!SecretSealer.TryReadKey(options.SecretsKey, out _))
        {
            // The value is a secret, and stays out of the message.
            errors.Add(
                $"{Key(nameof(options.SecretsKey))} is not base64 of {SecretSealer.KeyBytes} bytes. "
                + "Create one with openssl rand -base64 32.");
        }

        for (var i = 0; i < options.OldSecretsKeys.Count; i++)
        {
            if (!SecretSealer.TryReadKey(options.OldSecretsKeys[i], out _))
            {
                errors.Add($"{Key(nameof(options.OldSecretsKeys))}:{i} is not base64 of {SecretSealer.KeyBytes} bytes.");
            }
        }

        var hasId = !string.IsNullOrEmpty(options.RootAccessKey);
        if (hasId != !string.IsNullOrEmpty(options.RootSecretKey))
        {
            errors.Add($"{Key(nameof(options.RootAccessKey))} and {Key(nameof(options.RootSecretKey))} must be set together.");
        }
        else if (hasId)
        {
            if (!AccessKeyFormat.IsId(options.RootAccessKey))
            {
                errors.Add($"{Key(nameof(options.RootAccessKey))} is not an access key id: {AccessKeyFormat.IdRule}.");
            }

            if (!AccessKeyFormat.IsSecret(options.RootSecretKey))
            {
                errors.Add($"{Key(nameof(options.RootSecretKey))} is not a secret: {AccessKeyFormat.SecretRule}.");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static string Key(string property) => $"{AccessKeyOptions.SectionName}:{property}";
}
