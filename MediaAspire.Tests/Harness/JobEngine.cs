using MediaAspire.Core.Jobs;

namespace MediaAspire.Tests.Harness;

/// <summary>A provider of the queue, for the tests of the contract.</summary>
internal interface IJobEngine
{
    /// <summary>Opens connections of its own, as a worker or an API process does.</summary>
    Task<JobEngineClient> OpenAsync(JobOptions? options = null);

    /// <summary>Opens connections to an engine that does not exist.</summary>
    Task<JobEngineClient> OpenUnreachableAsync();

    Task ClearAsync();
}

internal sealed record JobEngineClient(IJobQueue Queue, IJobSource Source, IDeadJobs Dead, IJobStats Stats, IAsyncDisposable Connection)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
