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

    /// <summary>Gets or sets a key with the scope <c>media:events</c> only, for the sender of the object store's notifications.</summary>
    /// <value>As <see cref="AdminKey"/>, with another id; unset by default.</value>
    public string? EventsKey { get; set; }

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

/// <summary>Validates the texts of the configured keys.</summary>
internal sealed class ApiKeyOptionsCustomValidator : IValidateOptions<ApiKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        string[] errors =
        [
            .. ErrorsOf(options.AdminKey, nameof(options.AdminKey), "root"),
            .. ErrorsOf(options.EventsKey, nameof(options.EventsKey), "events"),
        ];
        if (errors.Length > 0)
        {
            return ValidateOptionsResult.Fail(errors);
        }

        return ApiKeyFormat.TryParse(options.AdminKey, out var admin, out _)
            && ApiKeyFormat.TryParse(options.EventsKey, out var events, out _) && admin.SequenceEqual(events)
            ? ValidateOptionsResult.Fail(
                $"{ApiKeyOptions.SectionName}:{nameof(options.AdminKey)} and {nameof(options.EventsKey)} have the same key id. "
                + "Create another key for one of them.")
            : ValidateOptionsResult.Success;
    }

    // The value is a secret, and stays out of the message.
    private static IEnumerable<string> ErrorsOf(string? text, string setting, string id)
    {
        if (!string.IsNullOrEmpty(text) && !ApiKeyFormat.TryParse(text, out _, out _))
        {
            yield return $"{ApiKeyOptions.SectionName}:{setting} is not an API key: {ApiKeyFormat.Rule}. "
                + $"Create one with echo ma_{id}_$(openssl rand -hex 32).";
        }
    }
}
