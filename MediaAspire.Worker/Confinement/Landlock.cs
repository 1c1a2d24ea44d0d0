using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Confinement;

/// <summary>Landlock of Linux (5.13 and later): a thread, and all that it starts, keeps only the rights to files that are named.</summary>
/// <remarks>The numbers are those of the kernel's header <c>linux/landlock.h</c>.</remarks>
internal static unsafe class Landlock
{
    private const nint CreateRuleset = 444;
    private const nint AddRule = 445;
    private const nint RestrictSelf = 446;
    private const nint VersionFlag = 1;
    private const nint PathBeneath = 1;

    private const ulong Execute = 1 << 0;
    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadDirectory = 1 << 3;
    private const ulong RemoveFile = 1 << 5;
    private const ulong MakeFile = 1 << 8;
    private const ulong Truncate = 1 << 14;

    // Files have no other rights; the kernel refuses a rule that names one.
    private const ulong OfFiles = Execute | WriteFile | ReadFile | Truncate;

    private const ulong BindAndConnectTcp = 3;
    private const ulong AbstractSocketsAndSignals = 3;

    public const ulong Reads = ReadFile | ReadDirectory;
    public const ulong Runs = Reads | Execute;
    public const ulong Writes = Reads | WriteFile | Truncate | RemoveFile | MakeFile;

    /// <summary>Gets the version of the kernel's interface; 0 where there is none.</summary>
    public static int Version { get; } = FindVersion();

    /// <summary>Gives up all rights of this thread to files, TCP and signals, except those of the rules.</summary>
    /// <param name="rules">Paths, and what may be done with them and below them. Those that do not exist are left out.</param>
    /// <exception cref="Win32Exception">The kernel refused it.</exception>
    public static void Apply(IEnumerable<(string Path, ulong Rights)> rules)
    {
        // The kernel takes bits of the version that it has, and no others.
        var handled = Version switch { 1 => 1UL << 13, 2 => 1UL << 14, 3 or 4 => 1UL << 15, _ => 1UL << 16 } - 1;
        Span<ulong> attributes = [handled, Version >= 4 ? BindAndConnectTcp : 0, Version >= 6 ? AbstractSocketsAndSignals : 0];
        int ruleset;
        fixed (ulong* first = attributes)
        {
            ruleset = (int)Checked(NativeCalls.Call(CreateRuleset, first, attributes.Length * sizeof(ulong), 0, 0), "create a ruleset");
        }

        foreach (var (path, rights) in rules)
        {
            Add(ruleset, path, rights & handled);
        }

        Checked(NativeCalls.Call(RestrictSelf, ruleset, 0, null, 0), "restrict this process");
        _ = NativeCalls.Close(ruleset);
    }

    private static void Add(int ruleset, string path, ulong rights)
    {
        var descriptor = NativeCalls.OpenPath(path);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NativeCalls.NoEntry)
        {
            return;
        }

        Checked(descriptor, $"open '{path}'");

        // Packed: 8 bytes of rights, 4 of the descriptor.
        Span<byte> rule = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(rule, Directory.Exists(path) ? rights : rights & OfFiles);
        BinaryPrimitives.WriteInt32LittleEndian(rule[8..], descriptor);
        fixed (byte* first = rule)
        {
            Checked(NativeCalls.Call(AddRule, ruleset, PathBeneath, first, 0), $"allow '{path}'");
        }

        _ = NativeCalls.Close(descriptor);
    }

    private static int FindVersion()
    {
        // The bytes above are those of the processors for which there is a filter of system calls too.
        if (!OperatingSystem.IsLinux() || !SystemCallFilter.IsKnownProcessor)
        {
            return 0;
        }

        var version = NativeCalls.Call(CreateRuleset, null, 0, VersionFlag, 0);
        return version > 0 ? (int)version
            : Marshal.GetLastPInvokeError() is NativeCalls.NotImplemented or NativeCalls.NotSupported or NativeCalls.NotPermitted ? 0
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "The version of Landlock could not be found.");
    }

    private static nint Checked(nint result, string what) => result >= 0
        ? result
        : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Landlock could not {what} (error {Marshal.GetLastPInvokeError()}).");
}
