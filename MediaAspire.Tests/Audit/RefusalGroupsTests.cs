using System.Net;
using MediaAspire.Core.Audit;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Audit;

public sealed class RefusalGroupsTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new();

    [Fact]
    public void Open_AFloodOfOneAddress_IsTwoEvents()
    {
        var groups = new RefusalGroups(_time, s_window, capacity: 200);

        var opened = Enumerable.Range(0, 100_000).Count(i => groups.Open(Refusal() with
        {
            Actor = new(AuditActorKind.Unverified, $"MADE-UP-{i}", null),
            Resource = $"/films/{i}",
        }));
        Assert.Empty(groups.TakeEnded());
        _time.Advance(s_window);
        var counted = Assert.Single(groups.TakeEnded());

        Assert.Equal(1, opened);
        Assert.Equal((99_999, null, null), (counted.Repeats, counted.Resource, counted.Actor.KeyId));
        Assert.Equal((IPAddress.Parse("192.0.2.7"), "AccessDenied"), (counted.Address, counted.Reason));
        Assert.Empty(groups.TakeEnded());
    }

    [Fact]
    public void Open_AFloodOfManyAddresses_IsBounded()
    {
        var groups = new RefusalGroups(_time, s_window, capacity: 200);

        var opened = Enumerable.Range(0, 100_000).Count(i => groups.Open(Refusal() with { Address = new IPAddress(i + 1L) }));
        _time.Advance(s_window);
        var counted = Assert.Single(groups.TakeEnded());

        Assert.Equal(200, opened);
        Assert.Equal((99_800, "*", null), (counted.Repeats, counted.Action, counted.Address));
    }

    [Fact]
    public void Open_DifferentRefusals_AreEventsOfTheirOwn()
    {
        var groups = new RefusalGroups(_time, s_window, capacity: 200);

        Assert.True(groups.Open(Refusal()));
        Assert.True(groups.Open(Refusal() with { Action = "GetObject" }));
        Assert.True(groups.Open(Refusal() with { Reason = "SignatureDoesNotMatch" }));
        Assert.True(groups.Open(Refusal() with { Actor = new(AuditActorKind.AccessKey, "OTHER", "alice") }));
        Assert.True(groups.Open(Refusal() with { Api = AuditApi.Rest }));
        Assert.False(groups.Open(Refusal() with { RequestId = "another" }));
        Assert.Equal(1, Assert.Single(groups.TakeEnded(all: true)).Repeats);
        Assert.True(groups.Open(Refusal()));
    }

    private static AuditEvent Refusal() => AuditEvents.Event(outcome: AuditOutcome.Refused);
}
