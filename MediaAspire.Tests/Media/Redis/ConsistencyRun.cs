using System.Collections.Concurrent;
using System.Globalization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using Npgsql;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Writers and readers over several replicas, which record every read that is older than a write acknowledged before it.</summary>
internal sealed class ConsistencyRun(IReadOnlyList<IMediaStore> replicas) : IDisposable
{
    private static readonly MediaOwner s_owner = new("consistency");

    private readonly Slot[] _slots = [.. Enumerable.Range(0, 8).Select(i => new Slot(new MediaAlias($"slot-{i}")))];
    private readonly ConcurrentBag<string> _stale = [];
    private long _reads;
    private long _writes;
    private long _faults;

    public long Reads => Interlocked.Read(ref _reads);

    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Gets the number of writes whose outcome is unknown because the database failed.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    public IReadOnlyCollection<string> Stale => _stale;

    public async Task RunAsync(int writers, int readers, CancellationToken ended)
    {
        foreach (var slot in _slots)
        {
            await CreateAsync(replicas[0], slot, slot.Start());
        }

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, writers).Select(i => Task.Run(() => WriteAsync(new Random(i), ended))),
            .. Enumerable.Range(0, readers).Select(i => Task.Run(() => ReadAsync(new Random(1000 + i), ended))),
        ]);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    private async Task WriteAsync(Random random, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var slot = _slots[random.Next(_slots.Length)];
            var replica = replicas[random.Next(replicas.Count)];

            // Updates run beside each other; deleting and creating again, with the same alias, run alone.
            if (random.Next(20) == 0)
            {
                await slot.Alone(() => RecreateAsync(replica, slot));
            }
            else
            {
                await slot.Shared(() => UpdateAsync(replica, slot));
            }
        }
    }

    private async Task UpdateAsync(IMediaStore replica, Slot slot)
    {
        var id = slot.Acknowledged.Id;
        try
        {
            var outcome = await replica.ChangeAsync(
                [id],
                set => new MediaDecision<int>(0)
                {
                    Changed = [set.Find(id)! with { Description = (set.Find(id)!.Version + 1).ToString(CultureInfo.InvariantCulture) }],
                },
                CancellationToken.None);
            slot.Acknowledge(new(id, outcome.Written[0].Version, slot.Acknowledged.Incarnation, Exists: true));
            Interlocked.Increment(ref _writes);
        }
        catch (NpgsqlException)
        {
            Interlocked.Increment(ref _faults);
        }
    }

    private async Task RecreateAsync(IMediaStore replica, Slot slot)
    {
        var before = slot.Acknowledged;
        slot.Start();
        await replica.ChangeAsync([before.Id], _ => new MediaDecision<int>(0) { Deleted = [before.Id] }, CancellationToken.None);
        slot.Acknowledge(before with { Exists = false, Incarnation = slot.Started });
        await CreateAsync(replica, slot, slot.Start());
        Interlocked.Add(ref _writes, 2);
    }

    private static async Task CreateAsync(IMediaStore replica, Slot slot, long incarnation)
    {
        var item = NewMedia.Of(s_owner.Value, incarnation.ToString(CultureInfo.InvariantCulture)) with
        {
            Alias = slot.Alias,
            Description = "1",
        };
        await replica.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [item] }, CancellationToken.None);
        slot.Acknowledge(new(item.Id, 1, incarnation, Exists: true));
    }

    private async Task ReadAsync(Random random, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var slot = _slots[random.Next(_slots.Length)];
            var replica = replicas[random.Next(replicas.Count)];
            var before = slot.Acknowledged;
            var byAlias = random.Next(2) == 0;
            var item = byAlias
                ? await replica.FindByAliasAsync(s_owner, slot.Alias, CancellationToken.None)
                : await replica.FindAsync(before.Id, CancellationToken.None);
            Interlocked.Increment(ref _reads);
            if (FindFault(slot, before, item) is { } fault)
            {
                _stale.Add($"{(byAlias ? "alias" : "id")}: acknowledged {before}, read {Describe(item)}: {fault}");
            }
        }
    }

    private static string? FindFault(Slot slot, Register before, MediaItem? item)
    {
        if (item is null)
        {
            return before.Exists && slot.Started == before.Incarnation ? "missing" : null;
        }

        var incarnation = long.Parse(item.Name, CultureInfo.InvariantCulture);
        return item.Description != item.Version.ToString(CultureInfo.InvariantCulture) ? "mixed"
            : incarnation < before.Incarnation ? before.Exists ? "older item" : "deleted item"
            : incarnation == before.Incarnation && item.Version < before.Version ? "older version"
            : null;
    }

    private static string Describe(MediaItem? item) => item is null ? "nothing" : $"{item.Id} version {item.Version} of {item.Name}";

    /// <summary>A state that was acknowledged.</summary>
    /// <param name="Id">The item.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Incarnation">The number of the item among those that had the alias; of the deletion when it was deleted.</param>
    /// <param name="Exists">Whether it was not deleted.</param>
    private sealed record Register(MediaId Id, long Version, long Incarnation, bool Exists);

    /// <summary>An alias, and the items that have it one after the other.</summary>
    private sealed class Slot(MediaAlias alias) : IDisposable
    {
        private readonly SemaphoreSlim _places = new(Places);
        private readonly SemaphoreSlim _alone = new(1);
        private readonly Lock _gate = new();
        private Register? _acknowledged;
        private long _started;

        private const int Places = 4;

        public MediaAlias Alias => alias;

        public Register Acknowledged => Volatile.Read(ref _acknowledged)!;

        /// <summary>Gets the number of the last deletion or creation that has begun.</summary>
        public long Started => Interlocked.Read(ref _started);

        public void Dispose()
        {
            _places.Dispose();
            _alone.Dispose();
        }

        public long Start() => Interlocked.Increment(ref _started);

        public void Acknowledge(Register next)
        {
            lock (_gate)
            {
                if (_acknowledged is not { } last || next.Incarnation > last.Incarnation
                    || (next.Incarnation == last.Incarnation && next.Version > last.Version))
                {
                    Volatile.Write(ref _acknowledged, next);
                }
            }
        }

        public async Task Shared(Func<Task> write)
        {
            await _places.WaitAsync();
            try
            {
                await write();
            }
            finally
            {
                _places.Release();
            }
        }

        public async Task Alone(Func<Task> write)
        {
            await _alone.WaitAsync();
            for (var i = 0; i < Places; i++)
            {
                await _places.WaitAsync();
            }

            try
            {
                await write();
            }
            finally
            {
                _places.Release(Places);
                _alone.Release();
            }
        }
    }
}
