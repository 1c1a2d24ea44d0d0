using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;

namespace MediaAspire.Api.Files;

/// <summary>Describes the locations of the copies of a file's chunks.</summary>
internal sealed class FileLayouts(ClusterView cluster)
{
    public FileLayoutResponse Describe(StoredFile file) =>
        new(file.Id.Value, file.Size, [.. file.Chunks.Select(chunk => Describe(chunk, cluster.Current))]);

    private static ChunkLayoutResponse Describe(StoredChunk chunk, ClusterSnapshot servers) =>
        new(chunk.Number, chunk.Offset, chunk.Size, chunk.Sha256.ToString(), [.. chunk.Copies.Select(copy => Describe(copy, servers))]);

    private static CopyLayoutResponse Describe(StoredCopy copy, ClusterSnapshot servers)
    {
        servers.TryGetServer(copy.Server, out var server);
        return new(copy.Server.Value, server?.Name, server?.Address.ToString(), copy.Status);
    }
}
