using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console.Feed;

/// <summary>The topics of <c>/console/events</c>.</summary>
internal sealed class ConsoleFeed : IDisposable
{
    // Two values of each topic; a listener that falls behind gets the newest.
    private const int Waiting = 16;

    private readonly IReadOnlyList<FeedTopic> _topics;

    public ConsoleFeed(
        IEnumerable<IFeedSource> sources,
        IOptions<JsonOptions> json,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<ConsoleFeed> logger)
    {
        var serializer = json.Value.SerializerOptions;
        _topics = [.. sources.Select(source => new FeedTopic(source, serializer, time, logger, lifetime.ApplicationStopping))];
        Names = [.. _topics.Select(topic => topic.Name).Order(StringComparer.Ordinal)];
        Stopping = lifetime.ApplicationStopping;
    }

    /// <summary>Gets the names of the topics.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the token that ends streams with the process, which otherwise would wait for them.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Finds a topic.</summary>
    public FeedTopic Find(string name) => _topics.Single(topic => topic.Name == name);

    /// <summary>Listens to topics until the subscription is disposed.</summary>
    /// <param name="names">Names of <see cref="Names"/>.</param>
    public FeedSubscription Subscribe(IEnumerable<string> names)
    {
        var channel = Channel.CreateBounded<FeedEvent>(
            new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var topics = names.Select(Find).ToList();
        topics.ForEach(topic => topic.Add(channel.Writer));
        return new(channel, topics);
    }

    public void Dispose()
    {
        foreach (var topic in _topics)
        {
            topic.Dispose();
        }
    }
}

/// <summary>A listener of topics.</summary>
internal sealed class FeedSubscription(Channel<FeedEvent> channel, IReadOnlyList<FeedTopic> topics) : IDisposable
{
    public ChannelReader<FeedEvent> Events => channel.Reader;

    public void Dispose()
    {
        foreach (var topic in topics)
        {
            topic.Remove(channel.Writer);
        }
    }
}
