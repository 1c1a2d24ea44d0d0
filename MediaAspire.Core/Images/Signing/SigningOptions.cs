using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Signing;

/// <summary>The settings of signed addresses of images. Bound from the <c>Images:Signing</c> section.</summary>
public sealed class SigningOptions
{
    public const string SectionName = "Images:Signing";

    /// <summary>The shortest secret, in characters.</summary>
    public const int ShortestSecret = 32;

    /// <summary>Gets the secrets by the id of their key. All verify addresses; a removed one verifies none.</summary>
    /// <value>At least 32 characters each. The default is none: no address is signed, and no signature is valid.</value>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets the id of the key that signs new addresses.</summary>
    /// <value>The default is the only key, when there is one.</value>
    public string? CurrentKey { get; set; }

    /// <summary>Gets or sets the time for which an address is valid when its request names none.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan DefaultLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the longest time for which an address can be made valid.</summary>
    /// <value>The default is 365 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Gets the id of the key that signs; <see langword="null"/> without keys.</summary>
    internal string? SigningKey => CurrentKey ?? (Keys.Count == 1 ? Keys.Keys.First() : null);
}

[OptionsValidator]
internal sealed partial class SigningOptionsValidator : IValidateOptions<SigningOptions>;

/// <summary>Checks the keys of signed addresses.</summary>
internal sealed class SigningOptionsRules : IValidateOptions<SigningOptions>
{
    public ValidateOptionsResult Validate(string? name, SigningOptions options)
    {
        var failures = new List<string>();
        foreach (var (id, secret) in options.Keys)
        {
            if (id.Length is 0 or > 40 || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                failures.Add($"Images:Signing:Keys: '{id}' is not the id of a key. Use 1 to 40 letters, digits, - and _.");
            }

            if (secret.Length < SigningOptions.ShortestSecret)
            {
                failures.Add($"Images:Signing:Keys:{id} is shorter than {SigningOptions.ShortestSecret} characters. Use a random text.");
            }
        }

        if (options.Keys.Count > 0 && (options.SigningKey is not { } current || !options.Keys.ContainsKey(current)))
        {
            failures.Add("Images:Signing:CurrentKey does not name one of Images:Signing:Keys. Name the key that signs new addresses.");
        }

        if (options.DefaultLifetime > options.MaxLifetime)
        {
            failures.Add("Images:Signing:DefaultLifetime is longer than Images:Signing:MaxLifetime. Shorten it.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
