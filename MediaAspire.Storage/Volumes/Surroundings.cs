namespace MediaAspire.Storage.Volumes;

/// <summary>The environment of the process.</summary>
/// <param name="IsContainer">Indicates whether the process runs in a container.</param>
/// <param name="Mounts">The mounted file systems; empty on systems other than Linux.</param>
internal sealed record Surroundings(bool IsContainer, MountTable Mounts)
{
    private const string MountList = "/proc/self/mountinfo";

    // The marker files of Docker and Podman. With other runtimes the variable of the .NET images is the only sign.
    private static readonly string[] s_marks = ["/.dockerenv", "/run/.containerenv"];

    /// <summary>Reads the environment of this process.</summary>
    public static Surroundings Read() =>
        OperatingSystem.IsLinux()
            ? new(IsInContainer(), MountTable.Parse(File.ReadAllText(MountList)))
            : new(IsContainer: false, new MountTable([]));

    private static bool IsInContainer() =>
        bool.TryParse(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), out var isContainer) && isContainer
        || s_marks.Any(File.Exists);
}
