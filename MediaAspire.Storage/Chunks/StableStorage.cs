using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Chunks;

/// <summary>The guarantees of the file system for which .NET has no API.</summary>
internal static partial class StableStorage
{
    private const int OpenDirectoryFlags = 0; // O_RDONLY
    private const int FallocateKeepSize = 1;
    private const uint SyncFileRangeWrite = 2;
    private const int AdviceDontNeed = 4; // POSIX_FADV_DONTNEED
    private const int GetFlags = 3; // F_GETFL
    private const int SetFlags = 4; // F_SETFL
    private const int InvalidArgument = 22; // EINVAL
    private const int OutOfSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    /// <summary>Determines whether an I/O error means that the disk is full.</summary>
    public static bool IsOutOfSpace(IOException exception) => exception.HResult is OutOfSpace or OverQuota;

    /// <summary>Determines whether an I/O error means an invalid argument, such as the odd length of a direct write.</summary>
    public static bool IsInvalidArgument(IOException exception) => exception.HResult is InvalidArgument;

    /// <summary>Makes a directory's entries durable: a file that was renamed into it survives a power loss after this.</summary>
    public static void FlushDirectory(string path)
    {
        // Windows journals directory entries and does not have such a call.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, OpenDirectoryFlags);
        if (descriptor < 0)
        {
            throw ErrorAt(path);
        }

        try
        {
            if (Fsync(descriptor) < 0)
            {
                throw ErrorAt(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Reserves space for a range of a file without changing the file's length.</summary>
    /// <returns>False when the disk is full. True also on a file system that cannot reserve space.</returns>
    public static bool TryReserve(SafeFileHandle file, long offset, long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes <= 0 || Fallocate(file, FallocateKeepSize, offset, bytes) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is not (OutOfSpace or OverQuota);
    }

    /// <summary>Starts to write a range back without waiting for it, so that the final flush is short. A hint.</summary>
    public static void StartWriteBack(SafeFileHandle file, long offset, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, offset, bytes, SyncFileRangeWrite);
        }
    }

    /// <summary>
    /// Enables or disables direct writes, which bypass the page cache. They must be aligned, and are flushed like others.
    /// </summary>
    /// <returns>False when the system or the file system does not support direct writes.</returns>
    public static bool TrySetDirect(SafeFileHandle file, bool direct)
    {
        // O_DIRECT, whose number depends on the architecture.
        var flag = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 0x4000,
            Architecture.Arm64 => 0x10000,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || flag == 0)
        {
            return false;
        }

        var flags = FileControl(file, GetFlags, 0);
        return flags >= 0 && FileControl(file, SetFlags, direct ? flags | flag : flags & ~flag) == 0;
    }

    /// <summary>Evicts a range that is on the disk from the page cache. A hint to the operating system.</summary>
    public static void EvictFromPageCache(SafeFileHandle file, long offset, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = AdviseFile(file, offset, bytes, AdviceDontNeed);
        }
    }

    private static IOException ErrorAt(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {path}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int AdviseFile(SafeFileHandle file, long offset, long bytes, int advice);
}
