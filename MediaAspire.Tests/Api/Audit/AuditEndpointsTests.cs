using System.Net;
using System.Text.Json;
using MediaAspire.Api.Audit;
using MediaAspire.Core.Audit;
using MediaAspire.Tests.Audit;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.Audit;

public sealed class AuditEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private AuditHost _host = null!;

    private AuditStore Store { get; } = new(postgres.Database);

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("audit_events");
        _host = await AuditHost.StartAsync(postgres.Database);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_list_is_filtered_and_continues()
    {
        var events = Enumerable.Range(0, 5).Select(i => AuditEvents.Event(AuditEvents.Noon.AddMinutes(i)) with { Resource = $"/films/{i}" })
            .ToList();
        await Store.AddAsync(events, CancellationToken.None);

        var first = await GetAsync("?limit=2&resource=/films/*&from=2026-11-01T12:01:00Z&to=2026-11-01T12:04:00Z&address=192.0.2.7&actor=KEY");
        var second = await GetAsync($"?limit=2&from=2026-11-01T12:01:00Z&to=2026-11-01T12:04:00Z&after={first.GetProperty("next").GetString()}");

        Assert.Equal(["/films/3", "/films/2"], Resources(first));
        Assert.Equal(["/films/1"], Resources(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("?from=yesterday", "time-invalid")]
    [InlineData("?to=", "time-invalid")]
    [InlineData("?address=300.0.0.1", "address-invalid")]
    [InlineData("?api=ftp", "filter-invalid")]
    [InlineData("?outcome=fine", "filter-invalid")]
    [InlineData("?actor=%00", "filter-invalid")]
    [InlineData("?after=7", "after-invalid")]
    [InlineData("?limit=0", "limit-out-of-range")]
    [InlineData("?limit=1001", "limit-out-of-range")]
    public async Task A_wrong_query_is_refused(string query, string code)
    {
        using var response = await _host.SendAsync("GET", "/admin/audit" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_export_of_100_000_events_is_streamed()
    {
        const int Count = 100_000;
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(10_000))
        {
            await Store.AddAsync(
                [.. chunk.Select(i => AuditEvents.Event(AuditEvents.Noon.AddMilliseconds(i)) with { Resource = $"/films/{i}" })],
                CancellationToken.None);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/audit");
        request.Headers.Add("x-test-key", "KEY");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var seen = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            Assert.Equal($"/films/{seen}", JsonDocument.Parse(line).RootElement.GetProperty("resource").GetString());
            seen++;
        }

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Count, seen);
        Assert.InRange(await LargestWriteAsync(Count), 1, 1024 * 1024);
    }

    [Fact]
    public async Task An_export_continues_behind_its_last_event_and_leaves_out_those_of_the_last_seconds()
    {
        var now = TimeProvider.System.GetUtcNow();
        var events = Enumerable.Range(0, 4).Select(i => AuditEvents.Event(now.AddMinutes(i - 4))).Append(AuditEvents.Event(now)).ToList();
        await Store.AddAsync(events, CancellationToken.None);

        var first = await ExportAsync("?limit=3");
        var second = await ExportAsync($"?after={first[^1]}");

        Assert.Equal(events[..3].Select(one => one.Id), first);
        Assert.Equal([events[3].Id], second);
    }

    /// <summary>Exports to a stream that is slower than the database, and returns the most bytes that waited for it at once.</summary>
    private async Task<long> LargestWriteAsync(int count)
    {
        await using var body = new MeasuredStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await new AuditExport(Store, new AuditFilter(), after: null, long.MaxValue, TimeProvider.System).ExecuteAsync(http);
        await http.Response.CompleteAsync();
        Assert.Equal(count, body.Lines);
        return body.Largest;
    }

    private static IEnumerable<string?> Resources(JsonElement page) =>
        page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("resource").GetString());

    private async Task<List<Guid>> ExportAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/audit" + query);
        request.Headers.Add("x-test-key", "KEY");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await _host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            JsonDocument.Parse(line).RootElement.GetProperty("id").GetGuid())];
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        using var response = await _host.SendAsync("GET", "/admin/audit" + query);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private sealed class MeasuredStream : MemoryStream
    {
        private long _unflushed;

        public int Lines { get; private set; }

        public long Largest { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            _unflushed += buffer.Length;
            Largest = Math.Max(Largest, _unflushed);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            _unflushed = 0;
            return Task.CompletedTask;
        }
    }
}
