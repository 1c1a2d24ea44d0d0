using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Files;

/// <summary>A writer of files of any size to the chunk nodes.</summary>
/// <remarks>Safe for concurrent use. Memory per upload is five runs of blocks and the transport's buffers, at any file size.</remarks>
public sealed class FileWriter(
    FileCatalog catalog,
    ClusterView cluster,
    ChunkNodeClients nodes,
    IOptions<ChunkOptions> chunkOptions,
    IOptions<UploadOptions> uploadOptions,
    FileMetrics metrics,
    TimeProvider timeProvider,
    ILogger<FileWriter> logger)
{
    /// <summary>
    /// Starts an upload. Nothing is visible until <see cref="FileUpload.CommitAsync"/>; disposing before that removes it.
    /// </summary>
    /// <exception cref="FileWriteException">
    /// Fewer servers accept chunks than copies are wanted, and degraded writes are not allowed.
    /// </exception>
    public async Task<FileUpload> BeginAsync(NewFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        var layout = chunkOptions.Value;
        var snapshot = await cluster.GetAsync(cancellationToken);
        var plan = ChunkPlan.For(file.Length ?? file.EstimatedLength, layout);
        var ring = await cluster.GetRingAsync(layout.Copies, plan.ChunkBytes, cancellationToken);
        var needed = layout.AllowDegraded ? 1 : layout.Copies;
        if (ring.Servers.Length < needed)
        {
            throw new FileWriteException(
                FileWriteFailure.NotEnoughServers,
                $"{needed} storage servers are needed to store a file, and {ring.Servers.Length} accept chunks now. "
                + "Start or readmit servers, or free space.");
        }

        var id = FileId.New(timeProvider);

        return new FileUpload(
            id,
            file,
            plan,
            new FilePlacement(id, snapshot, ring, plan.Count, layout.Copies),
            new ChunkWriterContext(nodes, cluster, layout.Copies, layout.AllowDegraded, catalog.AddCopyAsync, logger),
            new FileUploadServices(catalog, uploadOptions.Value, metrics, timeProvider, logger));
    }
}
