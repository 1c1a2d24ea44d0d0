using MediaAspire.Api.Admin;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Api.Console.Feed;

/// <param name="Replica">The machine and the process id of the API that counts; others have requests of their own.</param>
/// <param name="At">The time of the value.</param>
/// <param name="RequestsPerSecond">Requests that have ended, since the last value.</param>
/// <param name="RefusedPerSecond">Those with a status 400 to 499.</param>
/// <param name="ErrorsPerSecond">Those with a status 500 to 599.</param>
/// <param name="BytesInPerSecond">Bytes of files that arrived.</param>
/// <param name="BytesOutPerSecond">Bytes of files that were sent.</param>
/// <param name="P50Seconds">The duration that half of the requests did not exceed; null without requests.</param>
/// <param name="P95Seconds">The duration that 95 % of them did not exceed.</param>
/// <param name="P99Seconds">The duration that 99 % of them did not exceed.</param>
/// <param name="UsedBytes">Bytes of chunk files on all nodes, without the trash.</param>
/// <param name="TrashBytes">Bytes in the trash of the nodes.</param>
/// <param name="AvailableBytes">Bytes that the nodes can still take.</param>
/// <param name="Nodes">Nodes that are not removed.</param>
/// <param name="NodesOnline">Those that are online.</param>
/// <param name="Health">The health of this process and what it needs, at most ten seconds old.</param>
internal sealed record OverviewResponse(
    string Replica,
    DateTimeOffset At,
    double RequestsPerSecond,
    double RefusedPerSecond,
    double ErrorsPerSecond,
    double BytesInPerSecond,
    double BytesOutPerSecond,
    double? P50Seconds,
    double? P95Seconds,
    double? P99Seconds,
    long UsedBytes,
    long TrashBytes,
    long AvailableBytes,
    int Nodes,
    int NodesOnline,
    IReadOnlyList<HealthResponse> Health);

/// <param name="Name">The name of the check.</param>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Description">What is wrong, or how much is there.</param>
internal sealed record HealthResponse(string Name, string Status, string? Description);

/// <param name="Nodes">The nodes, in the order of their names.</param>
internal sealed record NodesFeedResponse(IReadOnlyList<NodeResponse> Nodes);

/// <param name="Kinds">The jobs of each kind that has any.</param>
internal sealed record JobsFeedResponse(IReadOnlyList<JobKindStats> Kinds);

/// <param name="Work">The long work that runs or is paused.</param>
internal sealed record WorkFeedResponse(IReadOnlyList<WorkResponse> Work);

/// <param name="Id">Its id.</param>
/// <param name="Kind">rebalance, scrub or image-migration.</param>
/// <param name="Name">For people: the kind with its reason or target.</param>
/// <param name="State">running or paused.</param>
/// <param name="Done">What is done, in the unit.</param>
/// <param name="Total">What there is in all.</param>
/// <param name="Unit">bytes.</param>
/// <param name="Failures">Copies or images that failed.</param>
/// <param name="StartedAt">The time of its start.</param>
/// <param name="SecondsLeft">The estimated time to its end; null without an estimate.</param>
internal sealed record WorkResponse(
    Guid Id,
    string Kind,
    string Name,
    string State,
    long Done,
    long Total,
    string Unit,
    long Failures,
    DateTimeOffset? StartedAt,
    double? SecondsLeft);
