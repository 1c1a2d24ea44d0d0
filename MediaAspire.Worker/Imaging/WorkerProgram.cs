using System.Globalization;
using System.Runtime.InteropServices;
using MediaAspire.Worker.Confinement;
using MediaAspire.Worker.Imaging.Child;

namespace MediaAspire.Worker.Imaging;

/// <summary>The program of this worker, which image processes run with other commands.</summary>
internal static class WorkerProgram
{
    /// <summary>Gets the directory of the runtime that runs this process; a program may look for it elsewhere.</summary>
    public static string RuntimeRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Gets the command line of a process that reads pictures.</summary>
    /// <param name="memoryBytes">The memory that the process may take beyond that of its start.</param>
    public static string[] Image(long memoryBytes) => Find(ImageCommand.Name, memoryBytes.ToString(CultureInfo.InvariantCulture));

    /// <summary>Removes all variables but those by which a program of ours starts. They go no further than to that program.</summary>
    public static void ClearEnvironment(IDictionary<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);

        variables.Clear();
        variables.Add("DOTNET_ROOT", RuntimeRoot);
        variables.Add("DOTNET_EnableDiagnostics", "0");
        variables.Add("DOTNET_gcServer", "0");
        variables.Add("DOTNET_gcConcurrent", "0");
        variables.Add("DOTNET_TieredPGO", "0");
    }

    /// <summary>Puts the confinement before a command line.</summary>
    /// <exception cref="ImageToolMissingException">The kernel has none, and the mode requires it.</exception>
    public static string[] Confine(ConfinedProgram program, ConfinementMode mode)
    {
        ArgumentNullException.ThrowIfNull(program);

        if (mode == ConfinementMode.Off || !OperatingSystem.IsLinux())
        {
            return [.. program.Command];
        }

        return mode == ConfinementMode.Auto || ConfineCommand.IsAvailable
            ? Find([ConfineCommand.Name, .. program.ToArguments()])
            : throw new ImageToolMissingException(
                "This kernel has no Landlock, so that image processes cannot be confined. Use Linux 5.13 or later, or change "
                + $"{ImagingOptions.SectionName}:{nameof(ImagingOptions.Confinement)}.");
    }

    private static string[] Find(params string[] arguments)
    {
        var library = typeof(WorkerProgram).Assembly.Location;
        var program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        var host = Path.Combine(RuntimeRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? [program, .. arguments] : [host, library, .. arguments];
    }
}
