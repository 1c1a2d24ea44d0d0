using MediaAspire.Core.Cluster;
using MediaAspire.Core.Scrubbing;

namespace MediaAspire.Api.Admin;

/// <param name="Current">The scrub that is running or paused; null when no scrub is open.</param>
/// <param name="Servers">The progress on each server.</param>
/// <param name="Last">Finished scrubs, the newest first.</param>
internal sealed record ScrubStatusResponse(
    ScrubResponse? Current, IReadOnlyList<ScrubServerResponse> Servers, IReadOnlyList<ScrubResponse> Last);

/// <param name="Id">Its id.</param>
/// <param name="Trigger"><c>scheduled</c> or <c>command</c>.</param>
/// <param name="State"><c>running</c>, <c>paused</c>, <c>cancelled</c> or <c>completed</c>.</param>
/// <param name="StartedAt">The time when it began.</param>
/// <param name="FinishedAt">The time when it was completed or cancelled.</param>
/// <param name="EstimatedEnd">
/// The time when a running scrub ends: for a scheduled one the planned time, for others by the speed so far; null without an estimate.
/// </param>
/// <param name="Progress">Share of the bytes that is dealt with, 0 to 1.</param>
/// <param name="CopiesExpected">Copies there were when it began.</param>
/// <param name="BytesExpected">Their bytes.</param>
/// <param name="Copies">Copies that are done.</param>
/// <param name="Bytes">Bytes that are done.</param>
/// <param name="Verified">Copies found intact.</param>
/// <param name="Corrupt">Copies found damaged.</param>
/// <param name="Missing">Copies that their server does not have.</param>
/// <param name="Unreachable">Copies whose server could not be asked, or could not say.</param>
internal sealed record ScrubResponse(
    Guid Id,
    string Trigger,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? EstimatedEnd,
    double Progress,
    long CopiesExpected,
    long BytesExpected,
    long Copies,
    long Bytes,
    long Verified,
    long Corrupt,
    long Missing,
    long Unreachable)
{
    public static ScrubResponse Of(ScrubRun run) => new(
        run.Id,
        run.Trigger,
        run.State,
        run.StartedAt,
        run.FinishedAt,
        run.EstimatedEnd,
        Math.Round(run.Totals.Progress, 4),
        run.Totals.CopiesExpected,
        run.Totals.BytesExpected,
        run.Totals.Copies,
        run.Totals.Bytes,
        run.Totals.Verified,
        run.Totals.Corrupt,
        run.Totals.Missing,
        run.Totals.Unreachable);
}

/// <param name="Server">The server's id.</param>
/// <param name="Name">Its name; null when the cluster no longer knows it.</param>
/// <param name="IsDone">A value indicating whether its part is done.</param>
/// <param name="Progress">Share of its bytes that is dealt with, 0 to 1.</param>
/// <param name="CopiesExpected">Copies it had when the scrub began.</param>
/// <param name="Copies">Copies that are done.</param>
/// <param name="Bytes">Bytes that are done.</param>
/// <param name="Corrupt">Copies found damaged.</param>
/// <param name="Missing">Copies that it does not have.</param>
/// <param name="Unreachable">Copies that it could not be asked about.</param>
internal sealed record ScrubServerResponse(
    Guid Server, string? Name, bool IsDone, double Progress,
    long CopiesExpected, long Copies, long Bytes, long Corrupt, long Missing, long Unreachable)
{
    public static ScrubServerResponse Of(ScrubServer server, ClusterSnapshot cluster) => new(
        server.Server.Value,
        cluster.TryGetServer(server.Server, out var known) ? known.Name : null,
        server.IsDone,
        Math.Round(server.Totals.Progress, 4),
        server.Totals.CopiesExpected,
        server.Totals.Copies,
        server.Totals.Bytes,
        server.Totals.Corrupt,
        server.Totals.Missing,
        server.Totals.Unreachable);
}
