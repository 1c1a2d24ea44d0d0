using System.Collections;
using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The address of an endpoint in one network, once there is one.</summary>
/// <param name="Snapshot">The address.</param>
/// <param name="NetworkID">The network.</param>
public record NetworkEndpointSnapshot(ValueSnapshot<AllocatedEndpoint> Snapshot, NetworkIdentifier NetworkID);

/// <summary>The addresses of an endpoint, one for each network.</summary>
public class NetworkEndpointSnapshotList : IEnumerable<NetworkEndpointSnapshot>
{
    private readonly ConcurrentDictionary<NetworkIdentifier, NetworkEndpointSnapshot> _snapshots = new();

    /// <summary>Sets the address in a network.</summary>
    /// <exception cref="ArgumentException">The address belongs to another network.</exception>
    public void AddOrUpdateAllocatedEndpoint(NetworkIdentifier networkId, AllocatedEndpoint endpoint)
    {
        if (endpoint.NetworkID != networkId)
        {
            throw new ArgumentException($"The address belongs to the network '{endpoint.NetworkID}', not to '{networkId}'.", nameof(endpoint));
        }

        SnapshotFor(networkId).SetValue(endpoint);
    }

    /// <summary>Waits for the address in a network.</summary>
    public Task<AllocatedEndpoint> GetAllocatedEndpointAsync(NetworkIdentifier networkId, CancellationToken cancellationToken = default) =>
        SnapshotFor(networkId).GetValueAsync(cancellationToken);

    /// <inheritdoc />
    public IEnumerator<NetworkEndpointSnapshot> GetEnumerator() => _snapshots.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal AllocatedEndpoint? TryGetAllocatedEndpoint(NetworkIdentifier networkId)
    {
        var address = SnapshotFor(networkId).GetValueAsync();
        return address.IsCompletedSuccessfully ? address.GetAwaiter().GetResult() : null;
    }

    internal void Fail(NetworkIdentifier networkId, Exception exception) => SnapshotFor(networkId).SetException(exception);

    private ValueSnapshot<AllocatedEndpoint> SnapshotFor(NetworkIdentifier networkId) =>
        _snapshots.GetOrAdd(networkId, static id => new(new(), id)).Snapshot;
}
