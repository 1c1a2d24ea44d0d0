using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dcp;

/// <summary>Says where the genuine orchestrator and dashboard are, and how they are used.</summary>
internal sealed class DcpOptions
{
    public const string SectionName = "DcpPublisher";

    /// <summary>Gets or sets the path of dcp.</summary>
    /// <value>The default is what the AppHost's build recorded.</value>
    public string? CliPath { get; set; }

    /// <summary>Gets or sets the path of aspire-managed, which holds the dashboard.</summary>
    /// <value>The default is what the AppHost's build recorded.</value>
    public string? DashboardPath { get; set; }

    /// <summary>Gets or sets the container runtime, <c>docker</c> or <c>podman</c>; null lets dcp find one.</summary>
    public string? ContainerRuntime { get; set; }

    /// <summary>Gets or sets whether proxied endpoints get free ports instead of the fixed ones, as tests need.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RandomizePorts { get; set; }

    public static void Configure(DcpOptions options, IConfiguration configuration, DistributedApplicationOptions application)
    {
        options.CliPath = application.Metadata("dcpclipath");
        options.DashboardPath = application.Metadata("aspiredashboardpath");
        options.ContainerRuntime = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        configuration.GetSection(SectionName).Bind(options);
    }
}
