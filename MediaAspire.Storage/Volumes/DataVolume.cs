using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Volumes;

/// <summary>A check that the data directory outlives the container.</summary>
internal sealed partial class DataVolume(
    IOptions<StorageOptions> options, IHostEnvironment environment, Surroundings surroundings, ILogger<DataVolume> logger)
{
    /// <summary>Refuses a data directory on the container's own file system or in memory, for a node in Production.</summary>
    /// <remarks>
    /// Such a node works until an update replaces its container, and then loses every chunk at once. Updates replace several nodes
    /// together, so the other copies are lost too.
    /// </remarks>
    /// <exception cref="DataDirectoryException">The directory is refused.</exception>
    public void Check()
    {
        if (!environment.IsProduction() || !surroundings.IsContainer)
        {
            return;
        }

        var directory = Path.GetFullPath(options.Value.DataDirectory);
        if (surroundings.Mounts.Find(directory) is not { } mount || !(mount.IsRoot || mount.IsMemoryBacked))
        {
            return;
        }

        var place = mount.IsMemoryBacked ? $"in memory ({mount.FileSystem} on {mount.Point})" : "on the container's own file system";
        if (!options.Value.AllowEphemeralData)
        {
            throw new DataDirectoryException(
                $"The data directory {directory} is {place}: its chunks would be lost with the container. Mount a volume there, or set "
                + $"{StorageOptions.SectionName}:{nameof(StorageOptions.AllowEphemeralData)}=true to run without one.");
        }

        LogEphemeral(directory, place);
    }

    [LoggerMessage(LogLevel.Warning, "The data directory {Directory} is {Place}, as allowed: its chunks are lost with the container")]
    private partial void LogEphemeral(string directory, string place);
}
