using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Confinement;

/// <summary>The <c>confine</c> command: gives up rights for good, and becomes the program that reads hostile bytes. ADR 34.</summary>
/// <remarks>
/// The rights belong to threads, and a runtime that has started has several. So a process of its own gives them up on the thread that
/// becomes the program.
/// </remarks>
internal static class ConfineCommand
{
    public const string Name = "confine";

    /// <summary>The exit code when the program could not be confined or started. Nothing of it has run.</summary>
    public const int Failed = 126;

    // Software and its data. Nothing of this platform, of its users or of other processes.
    private static readonly string[] s_programs =
        ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/etc/alternatives"];

    private static readonly string[] s_reads =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/proc/self", "/proc/meminfo", "/proc/cpuinfo",
        "/proc/stat", "/proc/sys/vm", "/sys/fs/cgroup", "/sys/devices/system", "/dev/zero", "/dev/random", "/dev/urandom",
    ];

    /// <summary>Gets a value indicating whether this system can confine files and network.</summary>
    public static bool IsAvailable => Landlock.Version > 0;

    /// <param name="arguments">The arguments after the command's name.</param>
    /// <returns><see cref="Failed"/>: this method returns only after a failure.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        try
        {
            var program = ConfinedProgram.Parse(arguments);
            SystemCallFilter.Apply();
            if (Landlock.Version > 0)
            {
                Landlock.Apply(RulesOf(program));
            }

            Become(program);
        }
        catch (Exception failure) when (failure is Win32Exception or ArgumentException)
        {
            Console.Error.WriteLine(failure.Message);
        }

        return Failed;
    }

    private static IEnumerable<(string Path, ulong Rights)> RulesOf(ConfinedProgram program) =>
    [
        .. s_programs.Select(path => (path, Landlock.Runs)),
        .. RuntimeDirectories().Select(path => (path, Landlock.Runs)),
        .. program.Runs.Select(path => (path, Landlock.Runs)),
        .. s_reads.Select(path => (path, Landlock.Reads)),
        ("/dev/null", Landlock.Writes),
        .. program.Reads.Select(path => (path, Landlock.Reads)),
        .. program.Writes.Select(path => (path, Landlock.Writes)),
    ];

    // The runtime may be anywhere. A worker that is published with its runtime inside has none beside it.
    private static IEnumerable<string> RuntimeDirectories()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Directory.Exists(Path.Combine(root, "shared", "Microsoft.NETCore.App"))
            ? [root]
            : [RuntimeEnvironment.GetRuntimeDirectory()];
    }

    private static unsafe void Become(ConfinedProgram program)
    {
        var arguments = new byte*[program.Command.Count + 1];
        for (var i = 0; i < program.Command.Count; i++)
        {
            // Never freed: the memory ends with this program.
            arguments[i] = (byte*)Marshal.StringToCoTaskMemUTF8(program.Command[i]);
        }

        byte* none = null;
        fixed (byte** first = arguments)
        {
            _ = program.HasEnvironment
                ? NativeCalls.Execute(first[0], first)
                : NativeCalls.Execute(first[0], first, &none);
        }

        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The program '{program.Command[0]}' could not be started.");
    }
}
