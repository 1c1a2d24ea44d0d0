using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MediaAspire.Tests.Faults;

/// <summary>The log of the campaign's events, one line each, and their counts. Thread-safe.</summary>
internal sealed class CampaignLog : IDisposable
{
    private readonly long _startedAt = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentDictionary<(string Kind, string Outcome), int> _counts = new();
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;

    public CampaignLog(string directory)
    {
        Directory = directory;
        _writer = new StreamWriter(Path.Combine(directory, "campaign.log")) { AutoFlush = true };
    }

    /// <summary>Gets the directory of this log and of all others of the campaign.</summary>
    public string Directory { get; }

    /// <summary>Gets the time since the campaign began.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_startedAt);

    public void Write(string who, string what)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Elapsed.TotalSeconds,9:0.000} {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {who,-10} {what}");
        lock (_lock)
        {
            _writer.WriteLine(line);
        }
    }

    /// <summary>Counts an operation or fault by its outcome.</summary>
    public void Count(string kind, string outcome) => _counts.AddOrUpdate((kind, outcome), 1, (_, count) => count + 1);

    /// <summary>Formats the counts as a table with one line per kind.</summary>
    public string Table()
    {
        var table = new StringBuilder();
        foreach (var kind in _counts.GroupBy(count => count.Key.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var outcomes = kind.OrderByDescending(count => count.Value).Select(count =>
                string.Create(CultureInfo.InvariantCulture, $"{count.Key.Outcome} {count.Value}"));
            table.AppendLine(
                CultureInfo.InvariantCulture, $"{kind.Key,-26} {kind.Sum(count => count.Value),6}  {string.Join(", ", outcomes)}");
        }

        return table.ToString();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
        }
    }
}
