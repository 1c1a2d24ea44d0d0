namespace MediaAspire.Storage.Volumes;

/// <summary>What the process can tell of the machine around it.</summary>
/// <param name="IsContainer">Whether it runs in a container.</param>
/// <param name="Mounts">The file systems that it sees; empty where the system has no list of them.</param>
internal sealed record Surroundings(bool IsContainer, MountTable Mounts)
{
    private const string MountList = "/proc/self/mountinfo";

    // Docker's and Podman's marks. The variable is set by the .NET images, and is the only mark under containerd.
    private static readonly string[] s_marks = ["/.dockerenv", "/run/.containerenv"];

    /// <summary>Looks around.</summary>
    public static Surroundings Read() =>
        OperatingSystem.IsLinux()
            ? new(IsInContainer(), MountTable.Parse(File.ReadAllText(MountList)))
            : new(IsContainer: false, new MountTable([]));

    private static bool IsInContainer() =>
        bool.TryParse(Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER"), out var isContainer) && isContainer
        || s_marks.Any(File.Exists);
}
