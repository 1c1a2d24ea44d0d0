using Grpc.Core;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Lets only callers in that know the cluster's token, when there is one, and mean this server.</summary>
internal sealed class CallerCheck(IOptions<ClusterOptions> options, NodeIdentity identity)
{
    /// <exception cref="RpcException">The token is missing or wrong.</exception>
    public void CheckToken(string? shown)
    {
        var token = options.Value.Token;
        if (token.Length > 0 && !ClusterToken.Matches(shown, token))
        {
            throw ChunkStoreErrors.NoToken();
        }
    }

    /// <param name="named">The server that is meant; <see langword="null"/> for whoever listens.</param>
    /// <exception cref="RpcException">Another server is meant.</exception>
    public void CheckAddressee(string? named)
    {
        if (named is not null && !Addressee.Matches(named, identity.Id))
        {
            throw ChunkStoreErrors.AnotherServer(identity.Id);
        }
    }
}
