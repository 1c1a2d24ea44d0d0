namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Which schemes service names may resolve to.</summary>
public sealed class ServiceDiscoveryOptions
{
    /// <summary>Gets or sets whether every scheme that a caller asks for is allowed.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool AllowAllSchemes { get; set; } = true;

    /// <summary>Gets or sets the allowed schemes; ignored while <see cref="AllowAllSchemes"/> is <see langword="true"/>.</summary>
    /// <value>The default value is an empty list.</value>
    public IList<string> AllowedSchemes { get; set; } = new List<string>();

    /// <summary>Returns the requested schemes that are allowed, or all allowed ones when none is requested.</summary>
    /// <param name="requestedSchemes">The schemes in order of preference.</param>
    /// <returns>The schemes to look for, in order of preference.</returns>
    public IReadOnlyList<string> ApplyAllowedSchemes(IReadOnlyList<string> requestedSchemes)
    {
        ArgumentNullException.ThrowIfNull(requestedSchemes);

        if (requestedSchemes.Count == 0)
        {
            return [.. AllowedSchemes];
        }

        return AllowAllSchemes
            ? requestedSchemes
            : [.. requestedSchemes.Where(scheme => AllowedSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))];
    }
}
