namespace MediaAspire.Tests.Faults;

public sealed class FaultPlanTests
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();
    private static readonly string[] s_nodes = ["storage-1", "storage-2", "storage-3"];

    [Fact]
    public void Next_SameSeed_SameFaults()
    {
        var one = new FaultPlan(17, s_kinds, s_nodes);
        var other = new FaultPlan(17, s_kinds, s_nodes);

        Assert.Equal(Enumerable.Range(0, 200).Select(_ => one.Next()), Enumerable.Range(0, 200).Select(_ => other.Next()));
    }

    [Fact]
    public void Next_OtherSeed_OtherFaults()
    {
        var one = new FaultPlan(17, s_kinds, s_nodes);
        var other = new FaultPlan(18, s_kinds, s_nodes);

        Assert.NotEqual(Enumerable.Range(0, 20).Select(_ => one.Next()), Enumerable.Range(0, 20).Select(_ => other.Next()));
    }

    [Fact]
    public void Next_OneRound_EveryKindOnce()
    {
        var plan = new FaultPlan(3, s_kinds, s_nodes);

        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(s_kinds, s_kinds.Select(_ => plan.Next().Kind).Order());
        }
    }
}
