using MediaAspire.Api.Admin;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Api.Console.Feed;

/// <summary>The nodes with their space and their last heartbeat.</summary>
internal sealed class NodesSource(NodeQueries nodes) : IFeedSource
{
    public string Name => "nodes";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(2);

    public async Task<object> ReadAsync(CancellationToken cancellationToken) =>
        new NodesFeedResponse(await nodes.ListAsync(cancellationToken));
}

/// <summary>The jobs of each kind.</summary>
internal sealed class JobsSource(IJobStats jobs) : IFeedSource
{
    public string Name => "jobs";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(2);

    public async Task<object> ReadAsync(CancellationToken cancellationToken) =>
        new JobsFeedResponse(await jobs.ReadAsync(cancellationToken));
}
