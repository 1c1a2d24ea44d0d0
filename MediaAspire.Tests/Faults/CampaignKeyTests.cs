namespace MediaAspire.Tests.Faults;

public sealed class CampaignKeyTests
{
    private static readonly CampaignContent s_old = new(1, 10);
    private static readonly CampaignContent s_new = new(2, 20);

    private readonly CampaignKey _key = new("key");

    [Fact]
    public void See_WhatWasAcknowledged_IsAllowedAndNothingElse()
    {
        Put(s_old);

        See(s_old);
        AssertNotSeen(s_new);
        AssertNotSeen(null);
    }

    [Fact]
    public void See_OverwrittenByAnAnsweredPut_OnlyByReadersThatBeganBefore()
    {
        Put(s_old);
        var before = _key.BeginRead();
        Put(s_new);

        _key.See(before, s_old);
        See(s_new);
        AssertNotSeen(s_old);
    }

    [Fact]
    public void See_WhileAnOverwriteIsUnderWay_OldOrNewAndNeverNothing()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(s_new));

        See(s_old);
        AssertNotSeen(null);
        See(s_new);
    }

    [Fact]
    public void See_OldAfterNewWasSeen_IsAViolation()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(s_new));
        See(s_new);

        AssertNotSeen(s_old);
    }

    [Fact]
    public void See_RefusedPut_IsAViolationAndTheOldOneStays()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(s_new));
        _key.Refuse();

        See(s_old);
        AssertNotSeen(s_new);
        Assert.Equal(s_old, _key.Certain);
    }

    [Fact]
    public void Refuse_SeenBefore_IsAViolation()
    {
        Assert.True(_key.TryBegin(s_new));
        See(s_new);

        Assert.Throws<CampaignViolationException>(_key.Refuse);
    }

    [Fact]
    public void See_PutWithoutAnswer_OneOrTheOtherUntilItIsSeen()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(s_new));
        _key.Lose();

        See(s_old);
        See(s_new);
        AssertNotSeen(s_old);
        AssertNotSeen(null);
        Assert.False(_key.TryBegin(s_old));
    }

    [Fact]
    public void See_AfterAnAnsweredDelete_Nothing()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(null));
        _key.Acknowledge();

        See(null);
        AssertNotSeen(s_old);
        Assert.Equal(CampaignKeyState.Absent, _key.State);
    }

    [Fact]
    public void See_DeleteWithoutAnswer_OnceGoneStaysGone()
    {
        Put(s_old);
        Assert.True(_key.TryBegin(null));
        _key.Lose();

        See(s_old);
        See(null);
        AssertNotSeen(s_old);
    }

    [Fact]
    public void TryBegin_WhileAnotherWrites_False()
    {
        Assert.True(_key.TryBegin(s_old));

        Assert.False(_key.TryBegin(s_new));
    }

    private void Put(CampaignContent content)
    {
        Assert.True(_key.TryBegin(content));
        _key.Acknowledge();
    }

    private void See(CampaignContent? content) => _key.See(_key.BeginRead(), content);

    private void AssertNotSeen(CampaignContent? content) => Assert.Throws<CampaignViolationException>(() => See(content));
}
