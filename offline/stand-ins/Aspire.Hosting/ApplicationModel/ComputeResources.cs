namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as one or more processes.</summary>
public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery,
    IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
}

/// <summary>A program that runs as a process.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints,
    IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>Creates an executable.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A path, or the name of a program on the search path.</param>
    /// <param name="workingDirectory">The directory in which it starts.</param>
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);

        Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
    }

    public string Command => Description.Command;

    public string WorkingDirectory => Description.WorkingDirectory;

    private ExecutableAnnotation Description => Annotations.OfType<ExecutableAnnotation>().Last();
}

/// <summary>The program of an executable resource.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    public required string Command { get; set; }

    public required string WorkingDirectory { get; set; }
}

/// <summary>A container.</summary>
public class ContainerResource(string name, string? entrypoint = null) : Resource(name), IResourceWithEnvironment, IResourceWithArgs,
    IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>Gets or sets what replaces the image's entry point; null keeps it.</summary>
    public string? Entrypoint { get; set; } = entrypoint;

    /// <summary>Gets or sets whether the entry point is a shell that gets the arguments as one command.</summary>
    public bool? ShellExecution { get; set; }
}
