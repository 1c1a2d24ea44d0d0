namespace MediaAspire.Api.Console.Feed;

/// <summary>The source of a topic's values.</summary>
internal interface IFeedSource
{
    /// <summary>Gets the name of the topic.</summary>
    string Name { get; }

    /// <summary>Gets the time between two values.</summary>
    TimeSpan Period { get; }

    /// <summary>Begins to observe what the values need; disposed when nobody listens any more.</summary>
    IDisposable? Begin() => null;

    /// <summary>Reads the value.</summary>
    Task<object> ReadAsync(CancellationToken cancellationToken);
}
