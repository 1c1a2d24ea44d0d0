using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MediaAspire.Tests.Offline;

/// <summary>
/// What <c>offline/build-feed.sh</c> works on, copied to a folder of its own, for a user who has one package source and
/// an empty package folder.
/// </summary>
internal sealed partial class FeedScratchCopy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mediaaspire-feed-").FullName;

    public FeedScratchCopy()
    {
        Source = new FakePackageSource(Path.Combine(_folder, "source"));
        foreach (var file in InputsOf(RepositoryRoot()))
        {
            var copy = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(RepositoryRoot(), file), copy);
        }

        var configuration = Path.Combine(Home, ".nuget", "NuGet", "NuGet.Config");
        Directory.CreateDirectory(Path.GetDirectoryName(configuration)!);
        File.WriteAllText(configuration, $"""
            <configuration>
              <packageSources>
                <add key="fake" value="{Source.Folder}" />
              </packageSources>
            </configuration>
            """);
    }

    public FakePackageSource Source { get; }

    public string Root => Path.Combine(_folder, "repository");

    public string Feed => Path.Combine(Root, "offline", "feed");

    public string GeneratedConfiguration => Path.Combine(Root, "nuget.config");

    private string Home => Path.Combine(_folder, "home");

    /// <summary>All that offline/ can supply, at the versions that the repository asks for.</summary>
    public IReadOnlyList<PackageIdentity> Supplied()
    {
        var versions = ReadVersions();
        var recipes = Directory.EnumerateFiles(Path.Combine(Root, "offline", "repackaged"), "*.nuspec");
        var standIns = Directory.EnumerateFiles(Path.Combine(Root, "offline", "stand-ins"), "*.csproj", SearchOption.AllDirectories);
        return [.. recipes.Concat(standIns).Select(Path.GetFileNameWithoutExtension).Select(id => new PackageIdentity(id!, versions[id!]))];
    }

    /// <returns>What the script wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">The script failed; the message has what it said.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root, "offline", "build-feed.sh"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The variables of the build that runs this test would steer the builds inside it.
        foreach (var name in start.Environment.Keys.Where(IsOfTheSurroundingBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"build-feed.sh exited with {process.ExitCode}: {await errors}{await output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool IsOfTheSurroundingBuild(string variable) =>
        variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("NUGET_", StringComparison.Ordinal);

    private Dictionary<string, string> ReadVersions()
    {
        var projects = new[] { "Directory.Packages.props", Path.Combine("offline", "Packages.props") }
            .Select(file => XDocument.Load(Path.Combine(Root, file)))
            .ToList();
        var properties = projects.SelectMany(each => each.Descendants("PropertyGroup").Elements())
            .ToDictionary(each => each.Name.LocalName, each => each.Value);
        properties["AppHostSdkVersion"] = SdkVersion().Match(File.ReadAllText(Path.Combine(Root, AppHostProject))).Groups[1].Value;
        return projects.SelectMany(each => each.Descendants("PackageVersion")).ToDictionary(
            each => each.Attribute("Include")!.Value,
            each => PropertyReference().Replace(each.Attribute("Version")!.Value, name => properties[name.Groups[1].Value]));
    }

    private static IEnumerable<string> InputsOf(string root)
    {
        string[] madeHere = ["bin", "obj", "cache", "packages"];
        var offline = Directory.EnumerateFiles(Path.Combine(root, "offline"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(madeHere).Any() && Path.GetExtension(file) != ".nupkg");
        return ["Directory.Packages.props", "NuGet.config", "global.json", AppHostProject, .. offline];
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MediaAspire.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside the repository.");
        }

        return folder.FullName;
    }

    private static string AppHostProject => Path.Combine("MediaAspire.AppHost", "MediaAspire.AppHost.csproj");

    [GeneratedRegex(@"Sdk=""Aspire\.AppHost\.Sdk/([^""]+)""")]
    private static partial Regex SdkVersion();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex PropertyReference();
}
