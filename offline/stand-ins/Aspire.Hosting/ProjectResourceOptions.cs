namespace Aspire.Hosting;

/// <summary>Options of a project resource.</summary>
public class ProjectResourceOptions
{
    /// <summary>Gets or sets the launch profile; null takes the first one that launches the project.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Gets or sets whether the project runs without a launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Gets or sets whether endpoints in the project's own Kestrel settings are left alone.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
