namespace Aspire.Hosting;

/// <summary>Says what the application is being built for.</summary>
public class DistributedApplicationExecutionContext
{
    private readonly DistributedApplicationExecutionContextOptions _options;

    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(new DistributedApplicationExecutionContextOptions(operation))
    {
    }

    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
        : this(new DistributedApplicationExecutionContextOptions(operation, publisherName))
    {
    }

    public DistributedApplicationExecutionContext(DistributedApplicationExecutionContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    public DistributedApplicationOperation Operation => _options.Operation;

    public string PublisherName
    {
        get => field ?? _options.PublisherName ?? "manifest";
        set;
    }

    /// <summary>Gets the services of the built application.</summary>
    /// <exception cref="InvalidOperationException">It has not been built yet.</exception>
    public IServiceProvider Services => _options.Services
        ?? throw new InvalidOperationException("The services are available only after the application has been built.");

    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>Options of <see cref="DistributedApplicationExecutionContext"/>.</summary>
public class DistributedApplicationExecutionContextOptions
{
    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation) => Operation = operation;

    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation, string publisherName)
        : this(operation) => PublisherName = publisherName;

    public DistributedApplicationOperation Operation { get; }

    public string? PublisherName { get; }

    public IServiceProvider? Services { get; set; }
}

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}
