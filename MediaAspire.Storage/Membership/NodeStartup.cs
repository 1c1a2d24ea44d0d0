using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Volumes;

namespace MediaAspire.Storage.Membership;

/// <summary>The start of the node, which acquires the data directory and opens the store before the server accepts calls.</summary>
internal sealed class NodeStartup(DataVolume volume, NodeIdentity identity, SeenHistory history, ChunkStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        volume.Check();
        identity.Acquire();
        history.Load();
        store.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
