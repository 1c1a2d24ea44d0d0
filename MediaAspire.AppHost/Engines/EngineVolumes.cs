using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Engines;

/// <summary>The names of the volumes of a running graph's engines.</summary>
/// <remarks>
/// Aspire's own names depend on the AppHost's path only: two graphs of one checkout would open the same volume. A published graph has
/// Aspire's names, so that publishing from another clone keeps the data.
/// </remarks>
internal static class EngineVolumes
{
    /// <summary>Gets the name of an engine's volume, which belongs to the data directory.</summary>
    public static string NameOf(string engine, DataDirectory data) => $"mediaaspire-{data.GetId()}-{engine}-data";
}
