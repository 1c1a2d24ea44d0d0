using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using MediaAspire.Tests.Harness;
using LoadedArchitecture = ArchUnitNET.Domain.Architecture;

namespace MediaAspire.Tests.Architecture;

/// <summary>The dependencies between the namespaces of the solution's projects.</summary>
/// <remarks>
/// They come from the compiled types and from the <c>using</c> directives of the sources: a constant leaves no trace in a compiled type,
/// and a namespace needs no directive to use its parent. A directive that nothing needs breaks the build. Wiring does not count: the
/// <c>XHostExtensions</c> of a namespace register the types of the namespaces within it.
/// </remarks>
internal static partial class Solution
{
    public static readonly string[] Projects = ["Core", "ServiceDefaults", "Api", "Storage", "Worker", "AppHost"];

    private static readonly Lazy<IReadOnlyList<Dependency>> s_dependencies = new(() => [.. OfTypes().Concat(OfSources())]);

    /// <summary>Gets the dependencies between different namespaces, with an example each.</summary>
    public static IReadOnlyList<Dependency> Dependencies => s_dependencies.Value;

    /// <summary>Gets the project of a namespace, such as Core.</summary>
    public static string ProjectOf(string name) => name.Split('.')[1];

    /// <summary>Gets the room of one of Core's namespaces: its first folder.</summary>
    public static string RoomOf(string name) => name.Split('.')[2];

    private static IEnumerable<Dependency> OfTypes()
    {
        var assemblies = Projects.Select(project => System.Reflection.Assembly.Load($"MediaAspire.{project}")).ToArray();

        // The library's caches would keep the loaded types, and every later garbage collection of the run would walk them.
        LoadedArchitecture architecture = new ArchLoader().WithoutArchitectureCache().WithoutRuleEvaluationCache()
            .LoadAssemblies(assemblies).Build();
        return architecture.Types
            .SelectMany(type => type.Dependencies)

            // A generic parameter of this name may be another type's: only their names distinguish them.
            .Where(dependency => dependency.Target is not GenericParameter)
            .Select(dependency => (
                From: dependency.Origin.Namespace?.FullName ?? "",
                To: dependency.Target.Namespace?.FullName ?? "",
                dependency.Origin,
                dependency.Target))
            .Where(pair => pair.From != pair.To && IsOurs(pair.From) && IsOurs(pair.To) && !IsWiring(pair.Origin.Name, pair.From, pair.To))
            .DistinctBy(pair => (pair.From, pair.To))
            .Select(pair => new Dependency(pair.From, pair.To, $"{pair.Origin.Name} uses {pair.Target.Name}"));
    }

    private static IEnumerable<Dependency> OfSources()
    {
        var sources = Projects
            .Select(project => Path.Combine(Snapshot.Repository, $"MediaAspire.{project}"))
            .SelectMany(project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => (Name: Path.GetFileName(path), Text: File.ReadAllText(path)))
            .Select(file => (file.Name, Namespace: NamespaceLine().Match(file.Text).Groups[1].Value, file.Text))
            .Where(file => file.Namespace.Length > 0)
            .ToList();
        var namespaces = sources.Select(file => file.Namespace).ToHashSet();
        return sources
            .SelectMany(file => UsingLine().Matches(file.Text).Select(match => new Dependency(
                file.Namespace, NamespaceOf(match.Groups[1].Value), $"{file.Name} says \"{match.Value.Trim()}\"")))
            .Where(dependency => dependency.To.Length > 0 && dependency.From != dependency.To)
            .Where(dependency => !IsWiring(dependency.Example.Split('.')[0], dependency.From, dependency.To));

        // A static using and an alias name a type.
        string NamespaceOf(string name) => namespaces.Contains(name) ? name
            : name.LastIndexOf('.') is var dot and > 0 && namespaces.Contains(name[..dot]) ? name[..dot]
            : "";
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("MediaAspire.", StringComparison.Ordinal) && Projects.Contains(ProjectOf(name));

    private static bool IsWiring(string type, string from, string to) =>
        type.EndsWith("HostExtensions", StringComparison.Ordinal) && to.StartsWith(from + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(MediaAspire[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
