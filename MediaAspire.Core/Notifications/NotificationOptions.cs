using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Notifications;

/// <summary>The settings of notifications of buckets. Bound from the <c>Notifications</c> section.</summary>
public sealed class NotificationOptions
{
    public const string SectionName = "Notifications";

    /// <summary>Gets the targets that buckets may name. Only an operator can add one, so bucket owners choose no addresses.</summary>
    public IDictionary<string, NotificationTargetOptions> Targets { get; } =
        new Dictionary<string, NotificationTargetOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets the time that a target has for its response.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the requests to one target at a time.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 64)]
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>Gets or sets the most events in one request.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 100)]
    public int BatchSize { get; set; } = 10;

    /// <summary>Gets or sets the refusals after which an event is a dead letter.</summary>
    /// <value>The default is 20: about an hour.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 20;

    /// <summary>Gets or sets the pause after the first failure; each further one doubles it.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the longest pause after a failure.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the pause between two looks for events while some wait; otherwise a signal begins a look.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the age at which an event that could not be delivered becomes a dead letter.</summary>
    /// <value>The default is 3 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Gets or sets the most events that wait for one target; beyond it, the oldest become dead letters.</summary>
    /// <value>The default is 1,000,000, about 500 MB.</value>
    [Range(1, 100_000_000)]
    public int MaxPending { get; set; } = 1_000_000;

    /// <summary>Gets or sets the most dead letters of one target; beyond it, the oldest are removed.</summary>
    /// <value>The default is 1,000,000.</value>
    [Range(0, 100_000_000)]
    public int MaxDead { get; set; } = 1_000_000;

    /// <summary>Gets or sets the time for which dead letters are kept.</summary>
    /// <value>The default is 14 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan DeadRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Gets or sets the most delivered events of one target that are kept for a replay.</summary>
    /// <value>The default is 1,000,000.</value>
    [Range(0, 100_000_000)]
    public int MaxDelivered { get; set; } = 1_000_000;

    /// <summary>Gets or sets the time for which delivered events are kept for a replay.</summary>
    /// <value>The default is 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DeliveredRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets or sets the pause between two removals of old events.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Determines whether a token, which may be empty, can be sent in a header.</summary>
    public static bool IsToken(string token) => !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Finds a target that a bucket may name.</summary>
    public NotificationTargetOptions? FindFor(string bucket, string target) =>
        Targets.TryGetValue(target, out var found) && (found.Buckets.Count == 0 || found.Buckets.Contains(bucket)) ? found : null;
}

/// <summary>A target of notifications.</summary>
public sealed class NotificationTargetOptions
{
    /// <summary>Gets or sets the address that events are posted to, absolute, with http or https.</summary>
    public string Url { get; set; } = "";

    /// <summary>Gets or sets the secret that is sent as <c>Authorization: Bearer</c>.</summary>
    /// <value>Printable ASCII without spaces. The default is empty: no credentials are sent.</value>
    public string Token { get; set; } = "";

    /// <summary>Gets or sets the file with the secret, instead of <see cref="Token"/>. It is read before each round of requests.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Gets the names of the buckets that may use the target.</summary>
    /// <value>The default is empty: every bucket may.</value>
    public IList<string> Buckets { get; } = [];
}

[OptionsValidator]
internal sealed partial class NotificationOptionsValidator : IValidateOptions<NotificationOptions>;

/// <summary>Validates targets.</summary>
internal sealed partial class NotificationOptionsCustomValidator : IValidateOptions<NotificationOptions>
{
    private const string NameRule = "1 to 63 lower-case letters, digits and hyphens, a letter or digit first";

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        var errors = options.Targets.SelectMany(target => ErrorsOf(target.Key, target.Value)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> ErrorsOf(string name, NotificationTargetOptions target)
    {
        var setting = $"{NotificationOptions.SectionName}:{nameof(NotificationOptions.Targets)}:{name}";
        if (!Name().IsMatch(name))
        {
            yield return $"{setting}: '{name}' is not a valid name of a target. Use {NameRule}.";
        }

        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            // The value may contain a password.
            yield return $"{setting}:Url is not a valid address. Use an absolute http or https address without user and fragment.";
        }

        if (target is { Token.Length: > 0, TokenFile.Length: > 0 })
        {
            yield return $"{setting} has both Token and TokenFile. Remove one of them.";
        }

        if (!NotificationOptions.IsToken(target.Token))
        {
            yield return $"{setting}:Token has characters that a header cannot carry. Use printable ASCII characters without spaces.";
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex Name();
}
