namespace MediaAspire.Tests.Faults;

/// <summary>An endless sequence of faults that a seed determines. Every kind happens once before any kind happens again.</summary>
internal sealed class FaultPlan(int seed, IReadOnlyList<FaultKind> kinds, IReadOnlyList<string> nodes)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(4);

    private readonly Random _random = new(seed);
    private readonly Queue<FaultKind> _round = new();

    public Fault Next()
    {
        if (_round.Count == 0)
        {
            var round = kinds.ToArray();
            _random.Shuffle(round);
            foreach (var kind in round)
            {
                _round.Enqueue(kind);
            }
        }

        var next = _round.Dequeue();
        var node = nodes[_random.Next(nodes.Count)];
        var wait = s_longestWait * _random.NextDouble();
        var part = _random.NextDouble();
        var isLong = _random.Next(3) == 0;
        return new(next, IsOfNode(next) ? node : null, wait, LastingOf(next, part, isLong), _random.Next());
    }

    private static bool IsOfNode(FaultKind kind) => kind is
        FaultKind.KillNode or FaultKind.PauseNode or FaultKind.FlipBits or FaultKind.DeleteChunks or FaultKind.TruncateChunks;

    // Shorter or longer than the silence after which a node is offline.
    private static TimeSpan LastingOf(FaultKind kind, double part, bool isLong) => kind switch
    {
        FaultKind.KillNode or FaultKind.PauseNode => TimeSpan.FromSeconds(isLong ? 6 + (10 * part) : 0.5 + (4 * part)),
        FaultKind.FillDisk => TimeSpan.FromSeconds(2 + (6 * part)),
        FaultKind.PausePostgres => TimeSpan.FromSeconds(0.5 + (3 * part)),
        _ => TimeSpan.FromSeconds(3 * part),
    };
}
