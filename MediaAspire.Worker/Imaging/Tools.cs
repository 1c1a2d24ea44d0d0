namespace MediaAspire.Worker.Imaging;

/// <summary>Finds programs of the system.</summary>
internal static class Tools
{
    /// <summary>Finds a program in the directories of <c>PATH</c>.</summary>
    /// <param name="name">The name of the program.</param>
    /// <param name="package">The package of Debian that has it, for the message.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="ImageToolMissingException">The program is missing.</exception>
    public static string Find(string name, string package)
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var path = Path.Combine(directory, name);
            if (Path.IsPathFullyQualified(path) && File.Exists(path))
            {
                return path;
            }
        }

        throw new ImageToolMissingException($"The program '{name}' was not found. Install the package {package}.");
    }
}
