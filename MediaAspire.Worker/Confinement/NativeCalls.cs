using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Confinement;

/// <summary>Calls of Linux by which a thread gives up rights, and becomes another program.</summary>
internal static unsafe partial class NativeCalls
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NotImplemented = 38;
    public const int NotSupported = 95;

    // Only names a file, which it neither reads nor writes; and is closed by exec.
    private const int PathOnly = 0x200000 | 0x80000;

    /// <summary>Opens a file or a directory to name it.</summary>
    public static int OpenPath(string path) => Open(path, PathOnly);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>Calls the kernel by a number that the C library has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, void* first, nint second, nint third, nint fourth);

    /// <inheritdoc cref="Call(nint, void*, nint, nint, nint)"/>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, nint first, nint second, void* third, nint fourth);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nint first, void* second, nint third, nint fourth);

    /// <summary>Replaces this process by another program. Returns only after a failure.</summary>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments);

    /// <inheritdoc cref="Execute(byte*, byte**)"/>
    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
