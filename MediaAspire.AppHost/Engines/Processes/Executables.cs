using System.Globalization;

namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>Finds programs of this machine.</summary>
internal static class Executables
{
    /// <summary>The directory in which Debian and Ubuntu keep each major version of PostgreSQL, outside of the PATH.</summary>
    public const string DebianPostgres = "/usr/lib/postgresql";

    private static readonly string[] s_systemDirectories = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

    /// <summary>Looks through the PATH, then through the directories of system programs.</summary>
    /// <returns>The full path; <see langword="null"/> if the program was not found.</returns>
    public static string? Find(string name) =>
        Find(name, [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), .. s_systemDirectories]);

    /// <summary>Looks for the program in the directories, in order.</summary>
    public static string? Find(string name, IEnumerable<string> directories) =>
        directories
            .Where(directory => directory.Length > 0)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Lists the <c>bin</c> directories of Debian's PostgreSQL packages below <paramref name="root"/>, newest first.</summary>
    public static IEnumerable<string> PostgresDirectories(string root = DebianPostgres) =>
        Directory.Exists(root)
            ? Directory.EnumerateDirectories(root)
                .OrderByDescending(directory => MajorVersion(Path.GetFileName(directory)))
                .Select(directory => Path.Combine(directory, "bin"))
            : [];

    private static double MajorVersion(string name) =>
        double.TryParse(name, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version) ? version : -1;
}
