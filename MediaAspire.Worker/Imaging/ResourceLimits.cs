namespace MediaAspire.Worker.Imaging;

/// <summary>Limits of a child process that the kernel enforces, through the program <c>prlimit</c>.</summary>
/// <param name="AddressSpaceBytes">The address space; <see langword="null"/> for a process that bounds its own.</param>
/// <param name="ProcessorTime">The processor time in all; the kernel kills the process after it.</param>
/// <param name="FileBytes">The size of the largest file that the process writes.</param>
internal sealed record ResourceLimits(long? AddressSpaceBytes, TimeSpan ProcessorTime, long FileBytes)
{
    private const int MaxDescriptors = 256;

    /// <summary>Puts the limits before a command line.</summary>
    /// <returns>The command line as it is where the system is not Linux, which has other programs for it or none.</returns>
    /// <exception cref="ImageToolMissingException">The program is missing.</exception>
    public string[] Apply(IEnumerable<string> command)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [.. command];
        }

        return
        [
            Tools.Find("prlimit", "util-linux"),
            .. AddressSpaceBytes is { } bytes ? [$"--as={bytes}"] : Array.Empty<string>(),
            $"--cpu={(long)Math.Ceiling(ProcessorTime.TotalSeconds)}",
            $"--fsize={FileBytes}",
            $"--nofile={MaxDescriptors}",
            "--core=0",
            .. command,
        ];
    }
}
