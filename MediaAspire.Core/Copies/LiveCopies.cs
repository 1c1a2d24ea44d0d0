using MediaAspire.Core.Cluster;

namespace MediaAspire.Core.Copies;

/// <summary>The one definition of the copies that count.</summary>
public static class LiveCopies
{
    /// <summary>
    /// An SQL condition on a row <c>s</c> of <c>storage_servers</c>: its copies count. <c>$1</c> is <see cref="LivenessOptions.After"/>.
    /// </summary>
    public const string ServerCounts = $"s.status <> 'removed' AND {NodeRegistry.LastContact} >= now() - $1";

    /// <summary>An SQL expression over a row <c>c</c> of <c>chunks</c>: the number of its copies that count. <c>$1</c> as above.</summary>
    public const string OfChunk =
        $"""
        (SELECT count(*)::int FROM chunk_replicas r JOIN storage_servers s USING (server_id)
         WHERE r.chunk_id = c.chunk_id AND r.status = 'stored' AND {ServerCounts})
        """;
}
