namespace MediaAspire.Api.Console.Feed;

/// <summary>An event of a topic, serialized once for all subscribers.</summary>
/// <param name="Topic">The name of the topic.</param>
/// <param name="Id">The number of the event in its topic.</param>
/// <param name="Json">The value, on one line.</param>
internal sealed record FeedEvent(string Topic, long Id, string Json);
