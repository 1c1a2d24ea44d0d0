using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Fetching;

/// <summary>The settings of downloads from addresses that clients name. Bound from the <c>Fetching</c> section.</summary>
public sealed class FetchingOptions
{
    public const string SectionName = "Fetching";

    /// <summary>Gets or sets a value indicating whether addresses may have the scheme <c>http</c>.</summary>
    /// <value>The default is <see langword="true"/>. A redirect from https to http is refused in any case.</value>
    public bool AllowHttp { get; set; } = true;

    /// <summary>Gets or sets the ports that may be connected to.</summary>
    /// <value>Numbers, separated by commas. The default is <c>80,443</c>.</value>
    public string AllowedPorts { get; set; } = "80,443";

    /// <summary>Gets or sets the only hosts that may be fetched from.</summary>
    /// <value>
    /// Names, separated by commas; <c>*.example.com</c> stands for all names below <c>example.com</c>. The default is empty, for all hosts.
    /// </value>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Gets or sets hosts that nothing is fetched from, in the form of <see cref="AllowedHosts"/>.</summary>
    /// <value>The default is empty. Stronger than <see cref="AllowedHosts"/>.</value>
    public string DeniedHosts { get; set; } = "";

    /// <summary>Gets or sets networks that count as public although they are not, such as those of the operator's own hosts.</summary>
    /// <value>
    /// CIDR ranges, separated by commas, such as <c>10.1.2.3/32</c>. The default is empty. The metadata services of clouds are refused in
    /// any case.
    /// </value>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>Gets or sets public networks that are not connected to, in the form of <see cref="AllowedNetworks"/>.</summary>
    /// <value>The default is empty. Stronger than <see cref="AllowedNetworks"/>.</value>
    public string DeniedNetworks { get; set; } = "";

    /// <summary>Gets or sets the number of redirects that are followed.</summary>
    /// <value>The default is 5; 0 refuses them.</value>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Gets or sets the time in which a connection must be made.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the time in which a download must end, redirects and names included.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the least average rate of a body.</summary>
    /// <value>Bytes per second; the default is 4,096, and 0 allows any rate.</value>
    [Range(0, 1 << 30)]
    public int MinBytesPerSecond { get; set; } = 4096;

    /// <summary>Gets or sets the time after which the rate of a body is checked.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the most bytes of the header fields of a response.</summary>
    /// <value>KiB; the default is 32.</value>
    [Range(1, 1024)]
    public int MaxHeaderKibibytes { get; set; } = 32;
}

[OptionsValidator]
internal sealed partial class FetchingOptionsValidator : IValidateOptions<FetchingOptions>;

/// <summary>Validates the lists of ports, hosts and networks.</summary>
internal sealed class FetchingListsValidator : IValidateOptions<FetchingOptions>
{
    public ValidateOptionsResult Validate(string? name, FetchingOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.AllowedPorts), options.AllowedPorts, IsPort, "a port from 1 to 65535");
        Check(nameof(options.AllowedHosts), options.AllowedHosts, HostPattern.IsValid, "a host name, or one that begins with '*.'");
        Check(nameof(options.DeniedHosts), options.DeniedHosts, HostPattern.IsValid, "a host name, or one that begins with '*.'");
        Check(nameof(options.AllowedNetworks), options.AllowedNetworks, IsNetwork, "a network, such as 10.1.2.0/24");
        Check(nameof(options.DeniedNetworks), options.DeniedNetworks, IsNetwork, "a network, such as 10.1.2.0/24");
        if (FetchingLists.Split(options.AllowedPorts).Length == 0)
        {
            failures.Add($"{FetchingOptions.SectionName}:{nameof(options.AllowedPorts)} is empty. Name at least one port.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string setting, string value, Func<string, bool> isValid, string expected)
        {
            foreach (var wrong in FetchingLists.Split(value).Where(item => !isValid(item)))
            {
                failures.Add($"{FetchingOptions.SectionName}:{setting} contains '{wrong}'. Expected {expected}.");
            }
        }
    }

    private static bool IsPort(string text) => FetchingLists.TryParsePort(text, out _);

    private static bool IsNetwork(string text) => IPNetwork.TryParse(text, out _);
}
