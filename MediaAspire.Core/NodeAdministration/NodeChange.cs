using MediaAspire.Core.Cluster;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>What became of an operator's wish for a node.</summary>
public enum NodeChangeOutcome
{
    /// <summary>The node is as wished; it may have been so before.</summary>
    Done,

    /// <summary>No node has this id.</summary>
    NotFound,

    /// <summary>The node was removed, and must be readmitted first.</summary>
    IsRemoved,

    /// <summary>The node is in use: it must be drained, or fall silent, before it can be removed.</summary>
    IsOnline,

    /// <summary>Copies stand on the node, and it may be removed only without them.</summary>
    HasCopies,
}

/// <param name="Outcome">Whether it was done, or why not.</param>
/// <param name="Status">The node's status after it; <see langword="null"/> when there is no such node.</param>
/// <param name="Copies">For a removal: copies that stand on the node, in whatever state; when it was done, those that were given up.</param>
/// <param name="LastCopies">Those among them that are the only stored copy of a chunk of a completed file.</param>
/// <param name="IsHeardOf">Whether the node has reported within <see cref="ClusterOptions.OfflineAfter"/>.</param>
public sealed record NodeChange(NodeChangeOutcome Outcome, ServerStatus? Status, long Copies = 0, long LastCopies = 0, bool IsHeardOf = false);
