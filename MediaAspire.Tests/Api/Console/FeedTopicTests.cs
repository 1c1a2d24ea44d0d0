using System.Text.Json;
using System.Threading.Channels;
using MediaAspire.Api.Console.Feed;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Api.Console;

/// <summary>A value that is read once for all listeners.</summary>
public sealed class FeedTopicTests : IDisposable
{
    private readonly TickSource _source = new();
    private readonly FeedTopic _topic;

    public FeedTopicTests() => _topic = TopicOf(_source);

    [Fact]
    public async Task A_thousand_listeners_cost_one_reading_and_none_costs_none()
    {
        var listeners = Enumerable.Range(0, 1000).Select(_ => NewListener()).ToList();
        listeners.ForEach(listener => _topic.Add(listener.Writer));
        var before = await ReadAllAsync(listeners);
        Assert.All(before, one => Assert.Same(before[0], one));
        Assert.Equal(1, _source.Begun);

        listeners.ForEach(listener => _topic.Remove(listener.Writer));

        Assert.False(_topic.IsReading);
        await Until.TrueAsync("the reading has ended", () => Task.FromResult(_source.Begun == 0));
        var reads = _source.Reads;
        using var timer = new PeriodicTimer(_source.Period * 5);
        await timer.WaitForNextTickAsync();
        Assert.Equal(reads, _source.Reads);
    }

    [Fact]
    public async Task A_later_listener_gets_the_last_value_at_once_and_one_after_a_pause_a_new_one()
    {
        using var slow = TopicOf(new TickSource { Period = TimeSpan.FromHours(1) });
        var (first, second) = (NewListener(), NewListener());
        slow.Add(first.Writer);
        var value = await first.Reader.ReadAsync();
        slow.Add(second.Writer);
        Assert.True(second.Reader.TryRead(out var same));
        Assert.Same(value, same);

        slow.Remove(first.Writer);
        slow.Remove(second.Writer);
        slow.Add(first.Writer);

        Assert.Equal(value.Id + 1, (await first.Reader.ReadAsync()).Id);
    }

    [Fact]
    public async Task A_database_that_is_down_is_told_and_its_return_too()
    {
        var listener = NewListener();
        _source.IsDown = true;
        _topic.Add(listener.Writer);
        Assert.Equal(FeedTopic.Unavailable, (await listener.Reader.ReadAsync()).Json);

        _source.IsDown = false;

        await Until.TrueAsync("the value is back", async () => (await listener.Reader.ReadAsync()).Json != FeedTopic.Unavailable);
    }

    [Fact]
    public async Task A_listener_that_does_not_read_delays_nobody_and_holds_little()
    {
        var (idle, reading) = (NewListener(), NewListener());
        _topic.Add(idle.Writer);
        _topic.Add(reading.Writer);

        for (var value = 0; value < 20; value++)
        {
            await reading.Reader.ReadAsync();
        }

        Assert.Equal(2, idle.Reader.Count);
    }

    public void Dispose() => _topic.Dispose();

    private static FeedTopic TopicOf(TickSource source) =>
        new(source, JsonSerializerOptions.Web, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private static Channel<FeedEvent> NewListener() =>
        Channel.CreateBounded<FeedEvent>(new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest });

    // The same event of each: the first one that all have.
    private static async Task<IReadOnlyList<FeedEvent>> ReadAllAsync(List<Channel<FeedEvent>> listeners)
    {
        var firsts = new List<FeedEvent>();
        foreach (var listener in listeners)
        {
            firsts.Add(await listener.Reader.ReadAsync());
        }

        var latest = firsts.Max(one => one.Id) + 1;
        var all = new List<FeedEvent>();
        foreach (var listener in listeners)
        {
            FeedEvent one;
            do
            {
                one = await listener.Reader.ReadAsync();
            }
            while (one.Id < latest);
            all.Add(one);
        }

        return all.All(one => one.Id == all[0].Id) ? all : await ReadAllAsync(listeners);
    }
}
