using System.Diagnostics;
using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>The processes in <c>/proc</c>, and signals to them.</summary>
internal static class ProcessTree
{
    /// <summary>Lists a process and its descendants, parents first.</summary>
    public static IReadOnlyList<int> Of(int root)
    {
        var children = AllIds().Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(process => process.Parent, process => process.Id);
        var tree = new List<int> { root };
        for (var at = 0; at < tree.Count; at++)
        {
            tree.AddRange(children[tree[at]]);
        }

        return tree;
    }

    /// <summary>Finds processes that have <paramref name="mark"/> in their environment or run below <paramref name="directory"/>.</summary>
    /// <remarks>PostgreSQL overwrites its environment, but runs in its data directory.</remarks>
    public static IReadOnlyList<int> Find(string mark, string directory) =>
        [.. AllIds().Where(id =>
            id != Environment.ProcessId && (Read(id, "environ").Contains(mark, StringComparison.Ordinal) || IsWithin(id, directory)))];

    public static string CommandOf(int id) => Read(id, "cmdline").Replace('\0', ' ').Trim();

    public static bool IsAlive(int id) => StatOf(id) is { } stat && stat[0] != "Z";

    /// <summary>Sends a signal to all given processes, and ignores those that have ended.</summary>
    public static async Task SignalAsync(string signal, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        string[] arguments = ["-s", signal, .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        using var kill = Process.Start(new ProcessStartInfo("kill", arguments) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills processes with SIGKILL and waits until they have ended.</summary>
    public static async Task KillAsync(IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        await SignalAsync("KILL", ids);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (ids.Any(IsAlive))
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static IEnumerable<int> AllIds() =>
        Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture));

    private static int ParentOf(int id) => StatOf(id) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0;

    // "17 (name with ) and spaces) S 1 …": the state and the parent follow the last parenthesis.
    private static string[]? StatOf(int id) =>
        Read(id, "stat") is { Length: > 0 } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static bool IsWithin(int id, string directory)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget is { } target && target.StartsWith(directory + "/", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Read(int id, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{name}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has just ended, or belongs to another user and so not to the graph.
            return "";
        }
    }
}
