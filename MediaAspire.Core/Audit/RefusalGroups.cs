using System.Net;

namespace MediaAspire.Core.Audit;

/// <summary>Counts equal refusals, so that no sender of refused requests can fill the log.</summary>
/// <remarks>
/// Thread-safe. The first refusal of a group is an event of its own; the others within the window are one more event, with their number.
/// The groups of a window are limited too: beyond that, the refusals of all addresses are counted together.
/// </remarks>
internal sealed class RefusalGroups(TimeProvider time, TimeSpan window, int capacity)
{
    private const string AnyAction = "*";

    private readonly Lock _lock = new();
    private readonly Dictionary<Group, Counted> _groups = [];
    private readonly long[] _beyond = new long[Enum.GetValues<AuditApi>().Length];

    private long _opened;

    /// <summary>Adds a refusal to its group.</summary>
    /// <returns><see langword="true"/> when it is the first one, and is to be recorded.</returns>
    public bool Open(AuditEvent refusal)
    {
        // A claimed key is the sender's choice, and would make every refusal a group of its own.
        var actor = refusal.Actor.Kind == AuditActorKind.Unverified ? default : refusal.Actor;
        var group = new Group(refusal.Api, actor, refusal.Address, refusal.Action, refusal.Outcome, refusal.Status, refusal.Reason);
        lock (_lock)
        {
            if (_groups.Count == 0)
            {
                _opened = time.GetTimestamp();
            }

            if (_groups.TryGetValue(group, out var counted))
            {
                counted.Repeats++;
                return false;
            }

            if (_groups.Count >= capacity)
            {
                _beyond[(int)refusal.Api]++;
                return false;
            }

            _groups.Add(group, new Counted(refusal, actor));
            return true;
        }
    }

    /// <summary>Takes the counted refusals of the window, once it has ended.</summary>
    /// <param name="all">A value indicating whether the window ends now.</param>
    public IReadOnlyList<AuditEvent> TakeEnded(bool all = false)
    {
        lock (_lock)
        {
            if (_groups.Count == 0 || (!all && time.GetElapsedTime(_opened) < window))
            {
                return [];
            }

            var now = time.GetUtcNow();
            var ended = new List<AuditEvent>();
            foreach (var counted in _groups.Values.Where(counted => counted.Repeats > 0))
            {
                ended.Add(counted.First with
                {
                    Id = Guid.CreateVersion7(now),
                    OccurredAt = now,
                    Actor = counted.Actor,
                    Resource = null,
                    RequestId = null,
                    Repeats = counted.Repeats,
                });
            }

            foreach (var api in Enum.GetValues<AuditApi>())
            {
                if (_beyond[(int)api] is > 0 and var repeats)
                {
                    ended.Add(new()
                    {
                        Id = Guid.CreateVersion7(now),
                        OccurredAt = now,
                        Api = api,
                        Actor = AuditActor.Anonymous,
                        Action = AnyAction,
                        Outcome = AuditOutcome.Refused,
                        Status = 0,
                        Repeats = (int)Math.Min(repeats, int.MaxValue),
                    });
                }
            }

            _groups.Clear();
            Array.Clear(_beyond);
            return ended;
        }
    }

    private readonly record struct Group(
        AuditApi Api, AuditActor Actor, IPAddress? Address, string Action, AuditOutcome Outcome, int Status, string? Reason);

    private sealed class Counted(AuditEvent first, AuditActor actor)
    {
        public AuditEvent First => first;

        public AuditActor Actor => actor;

        public int Repeats { get; set; }
    }
}
