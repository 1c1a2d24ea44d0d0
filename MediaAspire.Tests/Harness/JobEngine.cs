using MediaAspire.Core.Jobs;

namespace MediaAspire.Tests.Harness;

/// <summary>A provider of the queue, as the contract's tests use it.</summary>
internal interface IJobEngine
{
    /// <summary>Opens connections of its own, as a worker or an API process does.</summary>
    Task<JobEngineClient> OpenAsync(JobOptions? options = null);

    /// <summary>The same for an engine that is not there.</summary>
    Task<JobEngineClient> OpenUnreachableAsync();

    Task ClearAsync();
}

internal sealed record JobEngineClient(IJobQueue Queue, IJobSource Source, IDeadJobs Dead, IJobStats Stats, IAsyncDisposable Connection)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
