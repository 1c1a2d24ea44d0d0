using System.Collections.Concurrent;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>Counts what has happened. Thread-safe.</summary>
internal sealed class UploadKillCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(string what, long count = 1) => _counts.AddOrUpdate(what, count, (_, known) => known + count);

    public long Of(string what) => _counts.GetValueOrDefault(what);

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));
}
