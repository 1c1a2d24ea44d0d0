namespace MediaAspire.Tests;

/// <summary>A file of this project that holds what something looked like when a person last approved it.</summary>
internal static class Snapshot
{
    private const string Update = "MEDIAASPIRE_UPDATE_SNAPSHOTS";

    /// <summary>The root of the repository that these tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Compares a text with the approved one, or puts it in its place when the variable asks for that.</summary>
    /// <param name="path">The file, from this project's directory.</param>
    /// <param name="actual">What it is now.</param>
    public static void AssertMatches(string path, string actual)
    {
        var file = Path.Combine(Repository, "MediaAspire.Tests", path);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == actual, $"""
            MediaAspire.Tests/{path} differs from what is there now, first in line {FirstDifference(approved, actual)}.
            If the change is meant, run the test once with {Update}=1 and commit the file. What is there now:
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

        throw new InvalidOperationException($"There is no repository above {AppContext.BaseDirectory}.");
    }
}
