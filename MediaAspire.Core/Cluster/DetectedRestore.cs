using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>A server that has seen a later state of the database than the one that the database is in.</summary>
/// <param name="Server">The server.</param>
/// <param name="ServerName">The server's name for people.</param>
/// <param name="Seen">The last mark that the server has seen.</param>
/// <param name="SeenAt">The time of that mark, by the clock of the database as it was; null when unknown.</param>
/// <param name="Own">The mark that the database had for the server.</param>
/// <param name="OwnAt">The time of that mark; null when the database did not know the server.</param>
/// <param name="FoundAt">The time of the detection, by the database's clock.</param>
public sealed record DetectedRestore(
    ServerId Server,
    string ServerName,
    HeartbeatMark Seen,
    DateTimeOffset? SeenAt,
    HeartbeatMark Own,
    DateTimeOffset? OwnAt,
    DateTimeOffset FoundAt)
{
    /// <summary>Gets the two marks and the solution, for logs, health and the administrators' route.</summary>
    public string Describe() =>
        $"Node {ServerName} ({Server}) has seen {Seen}{At(SeenAt)}, but the database is at {Own}{At(OwnAt)}: "
        + "it was restored from a backup, or it is a copy. Nothing is deleted anywhere until this is settled. "
        + "If this is the wrong database, point ConnectionStrings:media at the right one. If it was restored on purpose, "
        + "send POST /admin/cluster/accept-restore; docs/operations/restore.md describes both.";

    private static string At(DateTimeOffset? time) => time is { } known ? $" from {known:u}" : "";
}
