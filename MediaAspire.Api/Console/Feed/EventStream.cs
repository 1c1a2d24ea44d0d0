using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace MediaAspire.Api.Console.Feed;

/// <summary>Sends the events of a subscription as server-sent events, with a comment where nothing else is sent for a while.</summary>
/// <remarks><c>TypedResults.ServerSentEvents</c> has no comments, by which both sides notice a connection that is gone.</remarks>
/// <param name="response">The response.</param>
/// <param name="heartbeat">The time after which a comment is sent, and the sender is checked again.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(HttpResponse response, TimeSpan heartbeat, TimeProvider time)
{
    /// <summary>Sends events until the client disconnects, the process stops, or the sender may not read them any more.</summary>
    /// <param name="subscription">The events.</param>
    /// <param name="isAllowed">Determines whether the sender still may read them; asked at every heartbeat.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async Task SendAsync(
        FeedSubscription subscription, Func<CancellationToken, ValueTask<bool>> isAllowed, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        // Proxies such as nginx would collect the events.
        response.Headers["X-Accel-Buffering"] = "no";
        var body = response.BodyWriter;
        Write(body, "retry: 2000\n\n");
        await body.FlushAsync(cancellationToken);

        using var heartbeats = new PeriodicTimer(heartbeat, time);
        var beat = heartbeats.WaitForNextTickAsync(cancellationToken).AsTask();
        var events = subscription.Events.WaitToReadAsync(cancellationToken).AsTask();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await Task.WhenAny(beat, events) == beat)
            {
                if (!await beat || !await isAllowed(cancellationToken))
                {
                    return;
                }

                Write(body, ": heartbeat\n\n");
                beat = heartbeats.WaitForNextTickAsync(cancellationToken).AsTask();
            }
            else
            {
                await events;
                while (subscription.Events.TryRead(out var one))
                {
                    Write(body, string.Create(
                        CultureInfo.InvariantCulture, $"event: {one.Topic}\nid: {one.Topic}-{one.Id}\ndata: {one.Json}\n\n"));
                }

                events = subscription.Events.WaitToReadAsync(cancellationToken).AsTask();
            }

            if ((await body.FlushAsync(cancellationToken)).IsCompleted)
            {
                return;
            }
        }
    }

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
