namespace MediaAspire.Tests.Console;

/// <summary>The pages that are tested in a browser: one line each. Approve their screenshots with MEDIAASPIRE_UPDATE_SNAPSHOTS=1.</summary>
internal static class ConsoleScreens
{
    public static IReadOnlyList<ConsoleScreen> All { get; } =
    [
        new("sign-in", "/console", "Sign in to MediaAspire") { IsSignedIn = false, IsFixed = true },
        new("overview", "/console", "Overview"),
        new("gallery", "/console/gallery", "Gallery"),
        new("links", "/console/links", "Shared links"),
        new("images", "/console/images", "Images"),
        new("buckets", "/console/buckets", "Buckets"),
        new("uploads", "/console/uploads", "Uploads"),
        new("nodes", "/console/nodes", "Nodes"),
        new("integrity", "/console/integrity", "Integrity"),
        new("jobs", "/console/jobs", "Jobs"),
        new("keys", "/console/keys", "Keys and quotas"),
        new("audit", "/console/audit", "Audit"),
        new("no-page", "/console/nothing", "There is no such page") { IsFixed = true },
    ];

    /// <summary>Finds a page by its name.</summary>
    public static ConsoleScreen Of(string name) => All.Single(screen => screen.Name == name);
}
