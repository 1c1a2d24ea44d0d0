namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known at run time, possibly only after something has started.</summary>
public interface IValueProvider
{
    /// <summary>Resolves the value; null means none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>Resolves the value as seen by a given caller.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>A value that the deployment manifest can refer to.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>Gets the manifest's placeholder, such as <c>{redis.connectionString}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that is known at run time and that the manifest can refer to.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is made of other values or resources.</summary>
public interface IValueWithReferences
{
    /// <summary>Gets what this value is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Says for whom a value is resolved.</summary>
public class ValueProviderContext
{
    /// <summary>Gets the context of the whole application.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>Gets the resource that will use the value.</summary>
    public IResource? Caller { get; init; }

    /// <summary>Gets the network from which addresses must be reachable; null takes the caller's.</summary>
    public NetworkIdentifier? Network { get; init; }

    internal NetworkIdentifier EffectiveNetwork =>
        Network ?? (Caller is ContainerResource
            ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork
            : KnownNetworkIdentifiers.LocalhostNetwork);
}

/// <summary>An address on the host, which containers reach under another name.</summary>
/// <param name="Url">The address, as the host sees it.</param>
public record HostUrl(string Url) : IExpressionValue
{
    string IManifestExpressionProvider.ValueExpression => Url;

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => new(Url);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (context.EffectiveNetwork == KnownNetworkIdentifiers.LocalhostNetwork || !Uri.TryCreate(Url, UriKind.Absolute, out var uri)
            || !uri.IsLoopback)
        {
            return new(Url);
        }

        var seenFromContainer = new UriBuilder(uri) { Host = KnownHostNames.DockerDesktopHostBridge }.Uri;
        return new(seenFromContainer.AbsolutePath == "/" ? seenFromContainer.GetLeftPart(UriPartial.Authority) : seenFromContainer.ToString());
    }
}
