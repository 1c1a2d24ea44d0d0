using MediaAspire.Storage.Membership;

namespace MediaAspire.Storage.Chunks;

/// <summary>Claims the data directory and opens the store before the server takes calls.</summary>
internal sealed class ChunkStoreStartup(NodeIdentity identity, ChunkStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        identity.Claim();
        store.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
