using MediaAspire.Core.Cluster;
using MediaAspire.Storage;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Volumes;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class SeenHistoryTests : IDisposable
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 30, 10, 15, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    private string FilePath => Path.Combine(_directory.Path, "database_mark");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Confirm_Heartbeats_WritesTheFirstAndThenOneEachFewSeconds()
    {
        var history = Make();
        Confirm(history, new(1, 1));
        Assert.Equal(new HeartbeatMark(1, 1), Make().Seen);

        _time.Advance(TimeSpan.FromSeconds(4));
        Confirm(history, new(1, 2));
        Assert.Equal((new HeartbeatMark(1, 2), new HeartbeatMark(1, 1)), (history.Seen, Make().Seen));

        _time.Advance(TimeSpan.FromSeconds(2));
        Confirm(history, new(1, 3));
        Confirm(history, new(1, 4));
        Assert.Equal(new HeartbeatMark(1, 3), Make().Seen);

        history.Save();
        var next = Make();
        Assert.Equal((new HeartbeatMark(1, 4), s_at), (next.Seen, next.SeenAt));
    }

    [Fact]
    public void Confirm_NewEpoch_IsOnTheDiskAtOnce()
    {
        var history = Make();
        Confirm(history, new(1, 7));

        Confirm(history, new(2, 1));

        Assert.Equal(new HeartbeatMark(2, 1), Make().Seen);
    }

    [Fact]
    public void Confirm_LowerMark_KeepsTheHigherOne()
    {
        var history = Make();
        Confirm(history, new(2, 7));
        _time.Advance(TimeSpan.FromMinutes(1));

        Confirm(history, new(2, 3));
        Confirm(history, new(1, 99));
        history.Save();

        Assert.Equal(new HeartbeatMark(2, 7), Make().Seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("0 2 2026-01-01T00:00:00.0000000+00:00")]
    [InlineData("1 -2 2026-01-01T00:00:00.0000000+00:00")]
    [InlineData("1 2 yesterday")]
    public void Load_NotAMark_RefusesAndSaysWhatDeletingItMeans(string text)
    {
        File.WriteAllText(FilePath, text);

        var error = Assert.Throws<DataDirectoryException>(Make);

        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("delete the file", error.Message, StringComparison.Ordinal);
    }

    private SeenHistory Make()
    {
        var options = Options.Create(new StorageOptions { DataDirectory = _directory.Path });
        var history = new SeenHistory(new NodeIdentity(options, _time, NullLogger<NodeIdentity>.Instance), new DeletionFence(_time), _time);
        history.Load();
        return history;
    }

    private static void Confirm(SeenHistory history, HeartbeatMark mark) =>
        history.Confirm(new NodeStanding(ServerStatus.Online, mark, s_at, IsRestoreOpen: false));
}
