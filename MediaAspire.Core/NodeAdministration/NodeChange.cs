using MediaAspire.Core.Cluster;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>The outcome of an operation on a node.</summary>
public enum NodeChangeOutcome
{
    /// <summary>The node is in the requested state; it may have been before.</summary>
    Done,

    /// <summary>No node has this id.</summary>
    NotFound,

    /// <summary>The node was removed, and must be readmitted first.</summary>
    IsRemoved,

    /// <summary>The node is in use: it must be drained, or be offline, before it can be removed.</summary>
    IsOnline,

    /// <summary>The node has copies, and may be removed only without them.</summary>
    HasCopies,
}

/// <param name="Outcome">Done, or the reason of the refusal.</param>
/// <param name="Status">The node's status after it; <see langword="null"/> when the node does not exist.</param>
/// <param name="Copies">For a removal: copies on the node in any state; when it was done, the discarded ones.</param>
/// <param name="LastCopies">Those among them that are the only stored copy of a chunk of a completed file.</param>
/// <param name="IsReporting">A value indicating whether the node has reported within <see cref="ClusterOptions.OfflineAfter"/>.</param>
public sealed record NodeChange(
    NodeChangeOutcome Outcome, ServerStatus? Status, long Copies = 0, long LastCopies = 0, bool IsReporting = false);
