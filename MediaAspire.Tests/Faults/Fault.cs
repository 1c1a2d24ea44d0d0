using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>The kinds of faults that the nemesis causes.</summary>
internal enum FaultKind
{
    KillNode,
    PauseNode,
    FillDisk,
    FlipBits,
    DeleteChunks,
    TruncateChunks,
    KillWorker,
    PauseWorker,
    KillApi,
    KillPostgres,
    PausePostgres,
    KillRedis,
}

/// <summary>One fault of the plan.</summary>
/// <param name="Kind">The kind of the fault.</param>
/// <param name="Node">The node that it is done to; null when it is done to another process.</param>
/// <param name="Wait">Quiet before it.</param>
/// <param name="Lasting">The time until it is undone, or its traces are checked.</param>
/// <param name="Seed">The seed of its details.</param>
internal sealed record Fault(FaultKind Kind, string? Node, TimeSpan Wait, TimeSpan Lasting, int Seed)
{
    /// <summary>The resource that the fault is done to.</summary>
    public string Resource => Kind switch
    {
        FaultKind.KillWorker or FaultKind.PauseWorker => "worker",
        FaultKind.KillApi => "api",
        FaultKind.KillPostgres or FaultKind.PausePostgres => "postgres",
        FaultKind.KillRedis => "redis",
        FaultKind.FillDisk => CampaignGraph.SmallNode,
        _ => Node!,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Resource} for {Lasting.TotalSeconds:0.0} s");
}
