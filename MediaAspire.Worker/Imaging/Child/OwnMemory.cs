using System.Globalization;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Bounds the memory of this process, before it reads a hostile byte.</summary>
/// <remarks>
/// The kernel can bound only the address space, of which the runtime reserves gigabytes that it never uses. So the limit is set when all is
/// loaded, as a number of bytes beyond.
/// </remarks>
internal static class OwnMemory
{
    // RLIMIT_AS of Linux.
    private const int AddressSpace = 9;

    /// <summary>Sets the limit, for good.</summary>
    /// <param name="more">The bytes beyond what the process has.</param>
    public static void Bound(long more)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // The first number is the size of the address space, in pages.
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture);
        var limit = new NativeCalls.ResourceLimit((ulong)((pages * Environment.SystemPageSize) + more));
        if (NativeCalls.SetLimit(AddressSpace, limit) != 0)
        {
            throw new IOException("The limit of the address space could not be set.");
        }
    }
}
