using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using MediaAspire.AppHost.Engines.Processes;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>
/// Replaces the expressions of a manifest by values, as a deployment does. Every endpoint gets a port of this machine.
/// </summary>
/// <param name="manifest">The manifest.</param>
/// <param name="given">
/// The values that the deployment provides, for example <c>media.connectionString</c> or <c>redis-password.inputs.value</c>.
/// </param>
internal sealed partial class ManifestValues(PublishedManifest manifest, IReadOnlyDictionary<string, string> given)
{
    private readonly ConcurrentDictionary<string, int> _ports = new();

    public string Resolve(string text) => Expression().Replace(text, match => Get(match.Groups[1].Value));

    public Uri Url(string resource, string endpoint) => new(Get($"{resource}.bindings.{endpoint}.url"));

    private string Get(string expression)
    {
        if (given.TryGetValue(expression, out var value))
        {
            return value;
        }

        return expression.Split('.') switch
        {
            [var resource, "value" or "connectionString"] parts => Resolve(manifest[resource].GetProperty(parts[1]).GetString()!),
            [var resource, "bindings", var endpoint, var property] => Binding(resource, endpoint, property),
            _ => throw new InvalidOperationException($"No value is given for {{{expression}}}."),
        };
    }

    private string Binding(string resource, string endpoint, string property)
    {
        var scheme = manifest[resource].GetProperty("bindings").GetProperty(endpoint).GetProperty("scheme").GetString()!;
        var port = _ports.GetOrAdd($"{resource}.{endpoint}", _ => LoopbackPorts.Next()).ToString(CultureInfo.InvariantCulture);
        return property switch
        {
            "scheme" => scheme,
            "host" => "127.0.0.1",
            "port" or "targetPort" => port,
            "url" => $"{scheme}://127.0.0.1:{port}",
            _ => throw new InvalidOperationException($"Bindings have no {property}."),
        };
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Expression();
}
