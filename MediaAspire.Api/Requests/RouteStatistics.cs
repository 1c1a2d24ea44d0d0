using System.Collections.Concurrent;

namespace MediaAspire.Api.Requests;

/// <summary>The requests to one route. Thread-safe.</summary>
internal sealed class RouteStatistics
{
    private readonly ConcurrentDictionary<int, Counter> _statuses = new();

    /// <summary>Gets the durations of the requests.</summary>
    public DurationHistogram Durations { get; } = new();

    /// <summary>Gets the number of responses with each status, in the order of the statuses.</summary>
    public IReadOnlyList<(int Status, long Count)> Statuses =>
        [.. _statuses.Select(entry => (entry.Key, entry.Value.Count)).OrderBy(entry => entry.Key)];

    public void Record(int status, double seconds)
    {
        Durations.Record(seconds);
        _statuses.GetOrAdd(status, static _ => new()).Increment();
    }

    private sealed class Counter
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public void Increment() => Interlocked.Increment(ref _count);
    }
}
