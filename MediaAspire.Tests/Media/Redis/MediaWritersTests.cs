using System.Text.RegularExpressions;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Only the store writes items: a statement elsewhere would leave old values in Redis.</summary>
public sealed partial class MediaWritersTests
{
    private static readonly string[] s_allowed =
    [
        "MediaAspire.Core/Media/Postgres/MediaStatements.cs",

        // Runs while no generation is open, and closes one that is.
        "MediaAspire.Core/Media/Redis/MetadataImport.cs",
    ];

    [Fact]
    public void Items_are_changed_by_the_store_alone()
    {
        string[] projects = ["MediaAspire.Core", "MediaAspire.Api", "MediaAspire.Worker", "MediaAspire.Storage"];
        var writers = projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql")
            .Select(file => (Name: Path.GetRelativePath(Root, file).Replace('\\', '/'), File: file))
            .Where(file => !file.Name.Contains("/obj/", StringComparison.Ordinal) && !file.Name.Contains("/bin/", StringComparison.Ordinal)
                && !file.Name.Contains("/Migrations/", StringComparison.Ordinal))
            .Where(file => Writing().IsMatch(File.ReadAllText(file.File)))
            .Select(file => file.Name)
            .ToList();

        Assert.Equal(s_allowed.Order(), writers.Order());
    }

    private static string Root => Snapshot.Repository;

    [GeneratedRegex(@"\b(UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+media\b", RegexOptions.IgnoreCase)]
    private static partial Regex Writing();
}
