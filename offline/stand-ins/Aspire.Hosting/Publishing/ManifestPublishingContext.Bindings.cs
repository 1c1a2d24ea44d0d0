using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <content>Endpoints.</content>
public sealed partial class ManifestPublishingContext
{
    private const int FirstAllocatedPort = 8000;

    private readonly HashSet<int> _usedPorts = [];

    /// <summary>Writes the endpoints of the resource.</summary>
    public void WriteBindings(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0)
        {
            return;
        }

        var defaultSchemes = new HashSet<string>(StringComparer.Ordinal);
        Writer.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            var isDefault = resource is ProjectResource
                && endpoint.UriScheme is ("http" or "https")
                && defaultSchemes.Add(endpoint.UriScheme);
            WriteBinding(resource, endpoint, isDefault);
        }

        Writer.WriteEndObject();
    }

    private void WriteBinding(IResource resource, EndpointAnnotation endpoint, bool isDefault)
    {
        var targetPort = TargetPort(resource, endpoint, isDefault);
        var port = PublicPort(endpoint, targetPort);

        Writer.WriteStartObject(endpoint.Name);
        Writer.WriteString("scheme", endpoint.UriScheme);
        Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
        Writer.WriteString("transport", endpoint.Transport);
        if (port is { } publicPort && publicPort != targetPort)
        {
            Writer.WriteNumber("port", publicPort);
        }

        if (targetPort is { } target)
        {
            Writer.WriteNumber("targetPort", target);
        }

        if (endpoint.IsExternal)
        {
            Writer.WriteBoolean("external", true);
        }

        Writer.WriteEndObject();

        MarkUsed(port ?? targetPort);
        MarkUsed(targetPort);
    }

    /// <summary>Returns the port on which the process listens.</summary>
    /// <returns>Null where the deployment tool chooses it, as for a project's first http endpoint.</returns>
    private int? TargetPort(IResource resource, EndpointAnnotation endpoint, bool isDefault)
    {
        if (endpoint.TargetPort is { } target)
        {
            return target;
        }

        if (resource is ContainerResource && endpoint.Port is { } port)
        {
            return port;
        }

        return isDefault ? null : AllocatePort();
    }

    /// <summary>Returns the port that others use; null where it goes without saying.</summary>
    private int? PublicPort(EndpointAnnotation endpoint, int? targetPort)
    {
        if (endpoint.Port is { } port)
        {
            return port;
        }

        return targetPort is not null || endpoint.UriScheme is ("http" or "https") ? null : AllocatePort();
    }

    private int AllocatePort()
    {
        var port = FirstAllocatedPort;
        while (_usedPorts.Contains(port))
        {
            port++;
        }

        return port;
    }

    private void MarkUsed(int? port)
    {
        if (port is { } used)
        {
            _usedPorts.Add(used);
        }
    }
}
