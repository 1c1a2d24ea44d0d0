namespace MediaAspire.Tests.Architecture;

/// <summary>Finds namespaces that use each other, directly or through others.</summary>
internal static class Rings
{
    /// <summary>Finds the groups of namespaces in which each reaches every other.</summary>
    /// <returns>The dependencies within each group.</returns>
    public static IReadOnlyList<IReadOnlyList<Dependency>> Find(IReadOnlyCollection<Dependency> dependencies)
    {
        var targets = dependencies.ToLookup(dependency => dependency.From, dependency => dependency.To);
        var reached = dependencies.SelectMany(dependency => new[] { dependency.From, dependency.To }).Distinct()
            .ToDictionary(name => name, name => ReachedFrom(name, targets));

        // Two names are in the same group when each reaches the other; its first name identifies a group.
        return
        [
            .. dependencies
                .Where(dependency => reached[dependency.To].Contains(dependency.From))
                .GroupBy(dependency =>
                    reached[dependency.From].Where(name => reached[name].Contains(dependency.From)).Min(StringComparer.Ordinal))
                .Select(group => group.DistinctBy(dependency => (dependency.From, dependency.To)).ToList()),
        ];
    }

    private static HashSet<string> ReachedFrom(string name, ILookup<string, string> targets)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(targets[name]);
        while (next.TryPop(out var target))
        {
            if (reached.Add(target))
            {
                foreach (var further in targets[target])
                {
                    next.Push(further);
                }
            }
        }

        return reached;
    }
}
