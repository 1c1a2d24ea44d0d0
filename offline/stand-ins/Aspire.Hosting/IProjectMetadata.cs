using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Describes a project; the build generates one class for each project that the AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Gets the full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Gets the launch settings; null reads them from the project.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Gets whether the project is known to be built.</summary>
    bool SuppressBuild => false;

    /// <summary>Gets whether the project is a single source file.</summary>
    bool IsFileBasedApp => string.Equals(Path.GetExtension(ProjectPath), ".cs", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A resource that others find by service discovery.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A project that was added by path.</summary>
internal sealed record ProjectMetadata(string ProjectPath) : IProjectMetadata;
