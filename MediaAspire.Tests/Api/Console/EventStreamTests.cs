using System.Diagnostics.Metrics;
using System.Net;
using MediaAspire.Api.Console.Feed;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Tests.Api.Console;

/// <summary>The events of the console over HTTP.</summary>
public sealed class EventStreamTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly (string, string)[] s_settings = [("isAdmin", "true"), ("Console:EventHeartbeat", "00:00:01")];

    private readonly TickSource _ticks = new();

    [Fact]
    public async Task A_session_of_an_operator_listens_until_its_key_is_disabled()
    {
        await using var host = await SessionHost.StartAsync(postgres.Database, [_ticks], s_settings);
        var (id, key) = await host.CreateKeyAsync("admin");
        (await host.SignInAsync(key)).Dispose();

        using var stream = await OpenAsync(host);
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("retry: 2000", await stream.Lines.ReadLineAsync());
        Assert.Equal("", await stream.Lines.ReadLineAsync());
        Assert.Equal("event: ticks", await stream.Lines.ReadLineAsync());
        Assert.Matches("^id: ticks-[0-9]+$", await stream.Lines.ReadLineAsync());
        Assert.Matches("""^data: \{"number":"[0-9]+"\}$""", await stream.Lines.ReadLineAsync());

        await host.Services.GetRequiredService<ApiKeyStore>().DisableAsync(id, CancellationToken.None);

        // To the end of the response.
        var rest = await stream.Lines.ReadToEndAsync();
        Assert.DoesNotContain("error", rest, StringComparison.Ordinal);
        await Until.TrueAsync("the reading has ended", () => Task.FromResult(_ticks.Begun == 0));
    }

    [Fact]
    public async Task A_quiet_stream_has_heartbeats_and_ends_with_the_process()
    {
        await using var host = await SessionHost.StartAsync(
            postgres.Database, [new TickSource { Period = TimeSpan.FromHours(1) }], s_settings);
        (await host.SignInAsync(TestApiKey.Text)).Dispose();
        using var stream = await OpenAsync(host);
        string? line;
        do
        {
            line = await stream.Lines.ReadLineAsync();
        }
        while (line is not (": heartbeat" or null));
        Assert.NotNull(line);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await stream.Lines.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("read", "/console/events", 403)]
    [InlineData(null, "/console/events", 401)]
    [InlineData("admin", "/console/events?topics=nothing", 400)]
    public async Task Strangers_and_unknown_topics_are_refused(string? scope, string path, int status)
    {
        await using var host = await SessionHost.StartAsync(postgres.Database, [_ticks], s_settings);
        if (scope is not null)
        {
            var (_, key) = await host.CreateKeyAsync(scope);
            (await host.SignInAsync(key)).Dispose();
        }

        using var response = await host.Browser.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(0, _ticks.Reads);
    }

    [Fact]
    public async Task The_public_listener_has_no_events()
    {
        await using var host = await SessionHost.StartAsync(postgres.Database, [_ticks]);
        (await host.SignInAsync(TestApiKey.Text)).Dispose();

        using var response = await host.Browser.GetAsync("/console/events");

        await response.AssertProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_sender_has_a_bounded_number_of_streams()
    {
        await using var host = await SessionHost.StartAsync(postgres.Database, [_ticks], s_settings);
        (await host.SignInAsync(TestApiKey.Text)).Dispose();
        var streams = new List<OpenStream>();
        for (var number = 0; number < 50; number++)
        {
            streams.Add(await OpenAsync(host));
        }

        using (var refused = await host.Browser.GetAsync("/console/events"))
        {
            await refused.AssertProblemAsync(503, "too-many-streams");
        }

        streams.ForEach(stream => stream.Dispose());
        await Until.TrueAsync("a place is free", async () =>
        {
            using var stream = await host.Browser.GetAsync("/console/events", HttpCompletionOption.ResponseHeadersRead);
            return stream.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Requests_are_counted_while_somebody_listens()
    {
        await using var host = await SessionHost.StartAsync(postgres.Database);
        using var requests = new LiveRequests(host.Services.GetRequiredService<IMeterFactory>());
        (await host.Browser.GetAsync("/files")).Dispose();
        (await host.Browser.GetAsync("/console")).Dispose();

        var counted = 0L;
        var refused = 0L;
        await Until.TrueAsync("both requests have ended", () =>
        {
            var window = requests.Take();
            counted += window.Durations.Read(0.5).Count;
            refused += window.Refused;
            return Task.FromResult(counted == 2);
        });

        Assert.Equal(1, refused);
        Assert.Equal(0, requests.Take().Durations.Read(0.5).Count);
    }

    private static async Task<OpenStream> OpenAsync(SessionHost host)
    {
        var response = await host.Browser.GetAsync("/console/events?topics=ticks", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    private sealed record OpenStream(HttpResponseMessage Response, StreamReader Lines) : IDisposable
    {
        public void Dispose()
        {
            Lines.Dispose();
            Response.Dispose();
        }
    }
}
