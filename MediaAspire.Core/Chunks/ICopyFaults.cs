using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>Takes what readers notice about copies, so that it is looked into while they go on.</summary>
/// <remarks>Thread-safe. Never waits and never throws; a report may be dropped when there are too many.</remarks>
public interface ICopyFaults
{
    /// <summary>Tells that a copy was not there or did not agree with its checksums. A suspicion: the bytes may have suffered on their way.</summary>
    void Report(ChunkId chunk, ServerId server);
}
