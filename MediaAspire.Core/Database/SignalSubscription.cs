namespace MediaAspire.Core.Database;

/// <summary>A subscription to a channel; disposing it ends it.</summary>
internal sealed class SignalSubscription(string channel, Action<string?> receive, Action<SignalSubscription> unsubscribe) : IDisposable
{
    public string Channel => channel;

    public void Receive(string? payload) => receive(payload);

    public void Dispose() => unsubscribe(this);
}
