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
/// <param name="Node">The node of the fault; null if it affects another process.</param>
/// <param name="Wait">The pause before the fault.</param>
/// <param name="Lasting">The time until the fault is undone, or its damage is checked.</param>
/// <param name="Seed">The seed of the fault's details.</param>
internal sealed record Fault(FaultKind Kind, string? Node, TimeSpan Wait, TimeSpan Lasting, int Seed)
{
    /// <summary>Gets the resource of the fault.</summary>
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
