namespace MediaAspire.Tests.Architecture;

/// <summary>The order of projects and rooms. docs/adr/0017-architecture-test.md; AGENTS.md says the same.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Each of Core's rooms, and the rooms that it builds on. It may use those, and what they may use.</summary>
    private static readonly (string Room, string[] BuildsOn)[] s_rooms =
    [
        ("Ids", []),
        ("Database", ["Ids"]),
        ("Duties", []),
        ("Checksums", []),
        ("Caching", []),
        ("Limits", ["Database"]),
        ("Owners", ["Database"]),
        ("AccessKeys", ["Caching", "Owners"]),
        ("ApiKeys", ["Caching", "Owners"]),
        ("Sessions", ["ApiKeys"]),
        ("Audit", []),
        ("ObjectStore", []),
        ("Cluster", ["Database"]),
        ("Chunks", ["Cluster", "Checksums"]),
        ("Copies", ["Chunks", "Duties"]),
        ("Integrity", ["Copies"]),
        ("Scrubbing", ["Copies"]),
        ("NodeAdministration", ["Copies"]),
        ("Quotas", ["Database", "Duties", "Caching"]),
        ("Files", ["Copies", "Quotas"]),
        ("Buckets", ["Database"]),
        ("Objects", ["Buckets", "Files"]),
        ("Multipart", ["Objects"]),
        ("Lifecycle", ["Objects"]),
        ("Jobs", ["Database"]),
        ("Repair", ["Jobs"]),
        ("Rebalancing", ["Copies", "Jobs"]),
        ("Staging", ["Checksums", "Ids"]),
        ("NamedFiles", ["Files", "Staging", "Jobs"]),
        ("Redis", ["Staging", "Jobs"]),
        ("Notifications", ["Database"]),
        ("ContentTypes", []),
        ("Imaging", ["ContentTypes"]),
        ("Fetching", []),
        ("Images", ["Imaging", "Fetching", "Files", "ObjectStore", "Jobs"]),
        ("Media", ["ContentTypes", "Images", "Cluster", "Checksums", "ObjectStore", "Jobs", "Quotas"]),
        ("Uploads", ["Multipart", "Media"]),
        ("Tags", ["Media"]),
    ];

    /// <summary>Each project, and the projects that it may use. The AppHost only starts the others.</summary>
    private static readonly (string Project, string[] Uses)[] s_projects =
    [
        ("Core", []),
        ("ServiceDefaults", []),
        ("Api", ["Core", "ServiceDefaults"]),
        ("Storage", ["Core", "ServiceDefaults"]),
        ("Worker", ["Core", "ServiceDefaults"]),
        ("AppHost", ["Core"]),
    ];

    /// <summary>The rooms of Core that the AppHost may use: it makes the graph's own keys.</summary>
    private static readonly string[] s_roomsOfAppHost = ["AccessKeys", "ApiKeys"];

    [Fact]
    public void Rooms_stand_below_those_that_build_on_them()
    {
        for (var i = 0; i < s_rooms.Length; i++)
        {
            Assert.All(s_rooms[i].BuildsOn, below => Assert.Contains(below, s_rooms[..i].Select(row => row.Room)));
        }
    }

    [Fact]
    public void Every_room_of_Core_is_in_the_table()
    {
        var rooms = typeof(Core.Ids.FileId).Assembly.GetTypes()
            .Select(type => type.Namespace ?? "")
            .Where(name => name.StartsWith("MediaAspire.Core.", StringComparison.Ordinal))
            .Select(Solution.RoomOf);

        Assert.Equal(rooms.Distinct().Order(), s_rooms.Select(row => row.Room).Order());
    }

    [Fact]
    public void Rooms_of_Core_use_only_those_that_they_build_on()
    {
        var wrong = Solution.Dependencies
            .Where(dependency => Solution.ProjectOf(dependency.From) == "Core" && Solution.ProjectOf(dependency.To) == "Core")
            .Where(dependency => Solution.RoomOf(dependency.From) != Solution.RoomOf(dependency.To))
            .Where(dependency => !MayUse(Solution.RoomOf(dependency.From)).Contains(Solution.RoomOf(dependency.To)));

        AssertNone(wrong);
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("ServiceDefaults")]
    [InlineData("Api")]
    [InlineData("Storage")]
    [InlineData("Worker")]
    [InlineData("AppHost")]
    public void No_namespaces_of_a_project_use_each_other(string project)
    {
        var rings = Rings.Find(
        [
            .. Solution.Dependencies
                .Where(dependency => Solution.ProjectOf(dependency.From) == project && Solution.ProjectOf(dependency.To) == project),
        ]);

        Assert.True(rings.Count == 0, string.Join("\n\n", rings.Select(ring => string.Join('\n', ring))));
    }

    [Fact]
    public void Projects_use_only_those_below_them()
    {
        Assert.Equal(Solution.Projects.Order(), s_projects.Select(row => row.Project).Order());
        AssertNone(Solution.Dependencies
            .Select(dependency => (dependency, From: Solution.ProjectOf(dependency.From), To: Solution.ProjectOf(dependency.To)))
            .Where(pair => pair.From != pair.To && !s_projects.Single(row => row.Project == pair.From).Uses.Contains(pair.To))
            .Select(pair => pair.dependency));
    }

    [Fact]
    public void The_AppHost_uses_only_keys_of_Core() => AssertNone(Solution.Dependencies
        .Where(dependency => Solution.ProjectOf(dependency.From) == "AppHost" && Solution.ProjectOf(dependency.To) == "Core")
        .Where(dependency => !s_roomsOfAppHost.Contains(Solution.RoomOf(dependency.To))));

    private static IEnumerable<string> MayUse(string room)
    {
        var below = s_rooms.SingleOrDefault(row => row.Room == room).BuildsOn ?? [];
        return below.Concat(below.SelectMany(MayUse));
    }

    private static void AssertNone(IEnumerable<Dependency> wrong)
    {
        var all = string.Join('\n', wrong);
        Assert.True(all.Length == 0, all);
    }
}
