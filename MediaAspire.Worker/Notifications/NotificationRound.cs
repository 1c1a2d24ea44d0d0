using System.Collections.Concurrent;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Notifications;

namespace MediaAspire.Worker.Notifications;

/// <summary>One round of requests to a target: events of a key one after the other, those of different keys in parallel.</summary>
/// <param name="send">Posts events.</param>
/// <param name="settle">Records the result of events before the next ones of their keys are sent.</param>
/// <param name="lanes">The requests at a time.</param>
/// <param name="batchSize">The most events in a request.</param>
internal sealed class NotificationRound(
    Func<IReadOnlyList<NotificationEvent>, CancellationToken, Task<SendResult>> send,
    Func<IReadOnlyList<NotificationEvent>, SendResult, CancellationToken, Task> settle,
    int lanes,
    int batchSize)
{
    private readonly ConcurrentDictionary<(BucketId, string), bool> _refusedKeys = new();
    private int _delivered;
    private volatile string? _unavailable;

    public int Delivered => _delivered;

    /// <summary>Gets the number of keys whose events the target refused.</summary>
    public int RefusedKeys => _refusedKeys.Count;

    /// <summary>Gets the reason for which the target does not work; <see langword="null"/> when it works.</summary>
    public string? Unavailable => _unavailable;

    /// <summary>Sends events, until all are sent or the target does not work.</summary>
    /// <param name="events">The events, in the order of their sequence numbers.</param>
    /// <param name="cancellationToken">Ends the round. Events of a request under way may have been received.</param>
    public Task RunAsync(IReadOnlyList<NotificationEvent> events, CancellationToken cancellationToken) => Task.WhenAll(
        events.GroupBy(told => (uint)HashCode.Combine(told.Bucket.Id, told.Key) % (uint)lanes)
            .Select(lane => RunLaneAsync([.. lane], cancellationToken)));

    private async Task RunLaneAsync(IReadOnlyList<NotificationEvent> lane, CancellationToken cancellationToken)
    {
        var position = 0;
        while (position < lane.Count && _unavailable is null)
        {
            var batch = new List<NotificationEvent>();
            while (position < lane.Count && batch.Count < batchSize)
            {
                var next = lane[position];
                if (_refusedKeys.ContainsKey((next.Bucket.Id, next.Key)))
                {
                    // It waits until the event before it is delivered or dead.
                    position++;
                    continue;
                }

                // An event that was refused goes alone, so that it does not keep others from their target.
                if (next.Attempts > 0 && batch.Count > 0)
                {
                    break;
                }

                batch.Add(next);
                position++;
                if (next.Attempts > 0)
                {
                    break;
                }
            }

            if (batch.Count > 0)
            {
                await SendAsync(batch, cancellationToken);
            }
        }
    }

    private async Task SendAsync(List<NotificationEvent> batch, CancellationToken cancellationToken)
    {
        var result = await send(batch, cancellationToken);
        if (result.Outcome == SendOutcome.Unavailable)
        {
            _unavailable = result.Error;
            return;
        }

        await settle(batch, result, cancellationToken);
        if (result.Outcome == SendOutcome.Delivered)
        {
            Interlocked.Add(ref _delivered, batch.Count);
            return;
        }

        foreach (var refused in batch)
        {
            _refusedKeys[(refused.Bucket.Id, refused.Key)] = true;
        }
    }
}
