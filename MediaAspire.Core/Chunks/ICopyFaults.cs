using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A receiver of readers' reports about copies, which are checked while the readers continue.</summary>
/// <remarks>Thread-safe. Never waits and never throws; a report may be dropped when there are too many.</remarks>
public interface ICopyFaults
{
    /// <summary>
    /// Reports that a copy was missing or differed from its checksums. A suspicion: the bytes may have been damaged in transit.
    /// </summary>
    void Report(ChunkId chunk, ServerId server);
}
