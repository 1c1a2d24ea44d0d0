namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes a resource wait for another before it starts.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    public WaitType WaitType { get; } = waitType;

    /// <summary>Gets what happens when the other one fails; null takes the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>Gets the exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}

public enum WaitType
{
    WaitUntilHealthy = 0,
    WaitForCompletion = 1,
    WaitUntilStarted = 2,
}

public enum WaitBehavior
{
    WaitOnResourceUnavailable = 0,
    StopOnResourceUnavailable = 1,
}
