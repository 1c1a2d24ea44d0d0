using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed class DeletionFenceTests
{
    private readonly ManualTime _time = new();
    private readonly DeletionFence _fence;

    public DeletionFenceTests() => _fence = new(_time);

    [Fact]
    public void Check_BeforeAnyMark_IsRefused() => AssertRefused(new(1, 1));

    [Fact]
    public void Check_MarkOfTheDisk_IsTheLeastFromTheStart()
    {
        _fence.Load(new(1, 10));

        AssertRefused(new(1, 9));
        _fence.Check(new(1, 10));
        _fence.Check(new(1, 11));
    }

    [Fact]
    public void Check_HeartbeatsDuringTheCall_DoNotRefuseIt()
    {
        _fence.Load(new(1, 10));
        Confirm(11);
        _time.Advance(TimeSpan.FromSeconds(10));
        Confirm(12);

        _fence.Check(new(1, 10));

        _time.Advance(TimeSpan.FromSeconds(21));
        AssertRefused(new(1, 10));
        _fence.Check(new(1, 11));
        _time.Advance(TimeSpan.FromSeconds(10));
        AssertRefused(new(1, 11));
        _fence.Check(new(1, 12));
    }

    [Fact]
    public void Confirm_LowerMark_ChangesNothing()
    {
        _fence.Load(new(2, 10));

        _fence.Confirm(new(2, 4), isRestoreOpen: true);
        _fence.Confirm(new(1, 99), isRestoreOpen: false);

        Assert.Equal(new HeartbeatMark(2, 10), _fence.Seen);
    }

    [Fact]
    public void Confirm_NewEpoch_StartsAgain()
    {
        _fence.Load(new(1, 1000));

        _fence.Confirm(new(2, 3), isRestoreOpen: false);

        Assert.Equal(new HeartbeatMark(2, 3), _fence.Seen);
        AssertRefused(new(1, 1000));
        AssertRefused(new(2, 2));
        _fence.Check(new(2, 3));
    }

    [Fact]
    public void IsSettled_OnlyWhileRegisteredAndWithoutAnOpenRestore()
    {
        _fence.Load(new(1, 10));
        Assert.False(_fence.IsSettled);

        Confirm(11);
        Assert.True(_fence.IsSettled);
        _fence.Confirm(new(1, 12), isRestoreOpen: true);
        Assert.False(_fence.IsSettled);
        Confirm(13);
        _fence.Suspend();
        Assert.False(_fence.IsSettled);
    }

    private void Confirm(long count) => _fence.Confirm(new(1, count), isRestoreOpen: false);

    private void AssertRefused(HeartbeatMark mark) =>
        Assert.Equal(ChunkStoreError.Fenced, Assert.Throws<ChunkStoreException>(() => _fence.Check(mark)).Error);
}
