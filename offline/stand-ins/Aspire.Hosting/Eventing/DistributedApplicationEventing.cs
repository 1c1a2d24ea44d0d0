using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing" />
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, List<DistributedApplicationEventSubscription>> _subscriptions = [];
    private readonly ConcurrentDictionary<Task, byte> _unawaited = new();

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add<T>(new((@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);

        return Add<T>(new DistributedApplicationResourceEventSubscription(
            resource,
            (@event, cancellationToken) => ReferenceEquals(@event.Resource, resource) ? callback((T)@event, cancellationToken) : Task.CompletedTask));
    }

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            foreach (var subscribers in _subscriptions.Values)
            {
                subscribers.Remove(subscription);
            }
        }
    }

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);

        DistributedApplicationEventSubscription[] subscribers;
        lock (_lock)
        {
            subscribers = _subscriptions.TryGetValue(typeof(T), out var found) ? [.. found] : [];
        }

        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingSequential:
                return InTurnAsync(subscribers, @event, cancellationToken);
            case EventDispatchBehavior.BlockingConcurrent:
                return TogetherAsync(subscribers, @event, cancellationToken);
            case EventDispatchBehavior.NonBlockingSequential:
                KeepUntilDone(Task.Run(() => InTurnAsync(subscribers, @event, cancellationToken), cancellationToken));
                return Task.CompletedTask;
            case EventDispatchBehavior.NonBlockingConcurrent:
                KeepUntilDone(Task.Run(() => TogetherAsync(subscribers, @event, cancellationToken), cancellationToken));
                return Task.CompletedTask;
            default:
                throw new ArgumentOutOfRangeException(nameof(dispatchBehavior), dispatchBehavior, "Unknown dispatch behavior.");
        }
    }

    private static async Task InTurnAsync(
        DistributedApplicationEventSubscription[] subscribers,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken)
    {
        foreach (var subscriber in subscribers)
        {
            await subscriber.Callback(@event, cancellationToken);
        }
    }

    private static Task TogetherAsync(
        DistributedApplicationEventSubscription[] subscribers,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken) =>
        Task.WhenAll(subscribers.Select(subscriber => subscriber.Callback(@event, cancellationToken)));

    private DistributedApplicationEventSubscription Add<T>(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(typeof(T), out var subscribers))
            {
                _subscriptions[typeof(T)] = subscribers = [];
            }

            subscribers.Add(subscription);
        }

        return subscription;
    }

    private void KeepUntilDone(Task task)
    {
        _unawaited.TryAdd(task, 0);
        _ = task.ContinueWith(done => _unawaited.TryRemove(done, out _), TaskScheduler.Default);
    }
}
