using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Puts connection properties together.</summary>
public static class ConnectionPropertiesExtensions
{
    /// <summary>Adds properties to those of a resource; where both have one of the same name, the added one counts.</summary>
    /// <param name="source">The resource, such as the server of a database.</param>
    /// <param name="additional">The properties to add.</param>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> CombineProperties(
        this IResourceWithConnectionString source, IEnumerable<KeyValuePair<string, ReferenceExpression>> additional)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(additional);

        var combined = new Dictionary<string, ReferenceExpression>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in source.GetConnectionProperties().Concat(additional))
        {
            combined[name] = value;
        }

        return combined;
    }
}
