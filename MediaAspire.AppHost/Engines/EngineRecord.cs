using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Settings;

namespace MediaAspire.AppHost.Engines;

/// <summary>The record of the kind of engines that hold the data of a data directory, in the file <c>engines</c>.</summary>
/// <remarks>
/// Engines of the other kind would start with an empty database, beside nodes that are full. The record is deleted with the data.
/// </remarks>
internal sealed class EngineRecord(DataDirectory data)
{
    private const string FileName = "engines";

    private string FilePath => Path.Combine(data.Path, FileName);

    /// <summary>Reads the kind.</summary>
    /// <returns>Null when no graph has been started with the directory yet.</returns>
    /// <exception cref="DistributedApplicationException">The file holds something else.</exception>
    public EngineChoice? Read()
    {
        if (!File.Exists(FilePath))
        {
            return HasDataOfEarlierVersion() ? EngineChoice.Processes : null;
        }

        var text = File.ReadAllText(FilePath).Trim();
        return text switch
        {
            "containers" => EngineChoice.Containers,
            "processes" => EngineChoice.Processes,
            _ => throw new DistributedApplicationException(
                $"The file '{FilePath}' holds '{text}'. It has to hold the kind of engines whose data this is: containers or processes."),
        };
    }

    /// <summary>Records the kind. Call this when the directory is locked, and cleared on a fresh start.</summary>
    public void Write(bool useContainers)
    {
        if (!File.Exists(FilePath))
        {
            var draft = FilePath + ".new";
            File.WriteAllText(draft, Text(useContainers) + "\n");
            File.Move(draft, FilePath, overwrite: true);
        }
    }

    /// <summary>Gets the value of the setting <c>Engines</c> for a kind.</summary>
    public static string Text(bool useContainers) => useContainers ? "containers" : "processes";

    // Earlier versions did not record the kind. The data of their containers is not in the directory.
    private bool HasDataOfEarlierVersion()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        string[] roots = data.HasId ? [data.Path, Path.Combine(EngineDirectory.FallbackRoot, data.GetId())] : [data.Path];
        return roots.Any(root => Directory.Exists(Path.Combine(root, "postgres")));
    }
}
