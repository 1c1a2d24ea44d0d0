using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Calls of the C library that .NET has no methods for.</summary>
internal static partial class NativeCalls
{
    /// <summary>Duplicates a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    public static partial int Duplicate(int descriptor);

    /// <summary>Makes a descriptor another name of an open one.</summary>
    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Replace(int open, int replaced);

    /// <summary>Sets the limit and the highest limit of a resource.</summary>
    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    /// <summary>Ends the process at once, whatever its threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    /// <summary>The structure <c>rlimit</c> of systems with 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct ResourceLimit(ulong limit)
    {
        public readonly ulong Current = limit;
        public readonly ulong Highest = limit;
    }
}
