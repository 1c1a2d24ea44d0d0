using System.Net;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Listeners;

/// <summary>The proxies in front of the server. Bound from the <c>Security</c> section.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Security";

    /// <summary>
    /// Gets the addresses and networks of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, such as
    /// <c>10.0.0.5</c> or <c>10.0.0.0/8</c>.
    /// </summary>
    /// <value>The default is empty: both headers are ignored, because any client can write them.</value>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Parses an address or a network; <see langword="null"/> for any other text.</summary>
    public static IPNetwork? Parse(string? text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

/// <summary>Checks the networks, and refuses the setting of ASP.NET Core that believes every sender.</summary>
internal sealed class ProxyOptionsValidator(IConfiguration configuration) : IValidateOptions<ProxyOptions>
{
    private const string BelieveEverySender = "ForwardedHeaders_Enabled";

    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        const string setting = $"{ProxyOptions.SectionName}:{nameof(ProxyOptions.TrustedProxies)}";
        if (configuration.GetValue<bool>(BelieveEverySender))
        {
            return ValidateOptionsResult.Fail(
                $"ASPNETCORE_FORWARDEDHEADERS_ENABLED lets every client forge its address. Remove it, and set {setting} to the networks of "
                + "your proxies.");
        }

        var wrong = options.TrustedProxies.Where(text => ProxyOptions.Parse(text) is null).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{setting} has '{wrong[0]}'. Use addresses and networks such as 10.0.0.5 and 10.0.0.0/8.");
    }
}
