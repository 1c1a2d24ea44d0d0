using System.Globalization;
using System.Runtime.InteropServices;

namespace MediaAspire.Worker.Imaging;

/// <summary>The program that image processes run: the worker's own, with the command <c>image</c>.</summary>
internal static class WorkerProgram
{
    private const string Command = "image";

    /// <summary>Gets the directory of the runtime that runs this process; a program may look for it elsewhere.</summary>
    public static string RuntimeRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Finds the command line.</summary>
    /// <param name="memoryBytes">The memory that the process may take beyond that of its start.</param>
    public static string[] Find(long memoryBytes)
    {
        var library = typeof(WorkerProgram).Assembly.Location;
        var program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        var host = Path.Combine(RuntimeRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        string[] arguments = [Command, memoryBytes.ToString(CultureInfo.InvariantCulture)];
        return File.Exists(program) ? [program, .. arguments] : [host, library, .. arguments];
    }
}
