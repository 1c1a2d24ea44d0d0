namespace MediaAspire.Tests.Architecture;

/// <summary>A namespace that uses another one.</summary>
/// <param name="From">The namespace that uses the other.</param>
/// <param name="To">The namespace that is used.</param>
/// <param name="Example">A type of each, or a file and its directive.</param>
internal sealed record Dependency(string From, string To, string Example)
{
    public override string ToString() => $"{From} → {To}: {Example}";
}
