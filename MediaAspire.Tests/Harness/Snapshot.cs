namespace MediaAspire.Tests.Harness;

/// <summary>An approved output, kept as a file of this project.</summary>
internal static class Snapshot
{
    /// <summary>The environment variable that approves every output.</summary>
    public const string Update = "MEDIAASPIRE_UPDATE_SNAPSHOTS";

    /// <summary>Gets a value indicating whether outputs are approved instead of compared.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable(Update) == "1";

    /// <summary>Gets the root of the repository that these tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Compares an output with the approved one, or approves it when the environment variable is set.</summary>
    /// <param name="path">The file, relative to this project's directory.</param>
    /// <param name="actual">The current output.</param>
    public static void AssertMatches(string path, string actual)
    {
        var file = Path.Combine(Repository, "MediaAspire.Tests", path);
        if (IsUpdating)
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == actual, $"""
            The output differs from MediaAspire.Tests/{path}, first in line {FirstDifference(approved, actual)}.
            If the change is intended, run the test once with {Update}=1 and commit the file. The output:
            {actual}
            """);
    }

    private static int FirstDifference(string left, string right) =>
        left.Split('\n').Zip(right.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "MediaAspire.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No directory above {AppContext.BaseDirectory} contains MediaAspire.sln.");
    }
}
