namespace MediaAspire.Core.Cluster;

/// <summary>The answer of the database to a server's report.</summary>
/// <param name="Status">The server's status.</param>
/// <param name="Mark">The report's own mark.</param>
/// <param name="At">The database's time of the report. For people: no decision depends on it.</param>
/// <param name="IsRestoreOpen">
/// Indicates whether the database was restored from a backup, which no operator has accepted: nothing may be deleted.
/// </param>
public sealed record NodeStanding(ServerStatus Status, HeartbeatMark Mark, DateTimeOffset At, bool IsRestoreOpen);
