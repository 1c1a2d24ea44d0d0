using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Options of an application.</summary>
public sealed class DistributedApplicationOptions
{
    private readonly Lazy<Assembly?> _assembly;
    private string? _projectDirectory;

    public DistributedApplicationOptions() => _assembly = new(ResolveAssembly);

    /// <summary>Gets or sets the command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>Gets or sets the name of the AppHost's assembly; null takes the entry assembly.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Gets or sets whether to run without a dashboard, as tests do.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Gets or sets whether addresses without TLS are allowed.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Gets or sets whether the logs of resources also go to the AppHost's own log.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Gets or sets the registry that replaces every image's; null keeps them.</summary>
    public string? ContainerRegistryOverride { get; set; }

    /// <summary>Gets or sets the name that the dashboard shows; null takes the AppHost's.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Gets or sets the directory of the AppHost project; null takes the one recorded by the build.</summary>
    public string? ProjectDirectory
    {
        get => _projectDirectory ?? Metadata("apphostprojectpath");
        set => _projectDirectory = value;
    }

    internal Assembly? Assembly => _assembly.Value;

    internal string? ProjectName =>
        Metadata("apphostprojectname") is { } file ? Path.GetFileNameWithoutExtension(file) : Assembly?.GetName().Name;

    /// <summary>Gets what the AppHost's build recorded under <paramref name="key"/>.</summary>
    internal string? Metadata(string key) =>
        Assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    private Assembly? ResolveAssembly() => AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
}
