namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource with probes of readiness and liveness.</summary>
public interface IResourceWithProbes : IResource;

/// <summary>A resource that is never started or stopped, such as a parameter.</summary>
public interface IResourceWithoutLifetime : IResource;

/// <summary>A resource that computes: a project, an executable or a container.</summary>
public interface IComputeResource : IResource;

/// <summary>A resource that lives inside another, such as a database in a server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>Gets the resource whose state this one shares.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives inside another of a known type.</summary>
/// <typeparam name="T">The type of the parent.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>Gets the resource whose state this one shares.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
