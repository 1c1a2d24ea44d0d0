namespace MediaAspire.Tests.Architecture;

public sealed class RingsTests
{
    [Fact]
    public void Find_NoRing_FindsNone() => Assert.Empty(Rings.Find([new("A", "B", ""), new("A", "C", ""), new("B", "C", "")]));

    [Fact]
    public void Find_TwoRings_FindsBothAndOnlyTheirDependencies()
    {
        var rings = Rings.Find(
            [
                new("A", "B", ""), new("B", "C", ""), new("C", "A", ""), new("C", "D", ""),
                new("D", "D.E", ""), new("D.E", "D", ""), new("D.E", "F", ""),
            ]);

        Assert.Equal(2, rings.Count);
        Assert.Equal([("A", "B"), ("B", "C"), ("C", "A")], rings[0].Select(dependency => (dependency.From, dependency.To)));
        Assert.Equal([("D", "D.E"), ("D.E", "D")], rings[1].Select(dependency => (dependency.From, dependency.To)));
    }
}
