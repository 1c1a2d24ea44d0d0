using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Admin;

public sealed class JobEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly PostgresJobEngine _engine = new(postgres);
    private JobEngineClient _jobs = null!;

    public async Task InitializeAsync()
    {
        await _engine.ClearAsync();
        _jobs = await _engine.OpenAsync();
    }

    public async Task DisposeAsync() => await _jobs.DisposeAsync();

    [Fact]
    public async Task Count_ShowsEveryKindWithJobs()
    {
        await _jobs.Queue.EnqueueAsync(TestJobs.Create(), CancellationToken.None);
        await MoveToDeadLettersAsync(1);
        await using var api = await StartAsync(_jobs);

        var answer = await api.GetAsync("/admin/jobs");

        Assert.Equal("postgres", answer.GetProperty("provider").GetString());
        var kinds = answer.GetProperty("kinds").EnumerateArray().ToList();
        Assert.Equal(["other-test", "test"], kinds.Select(kind => kind.GetProperty("kind").GetString()));
        Assert.Equal([1, 0], kinds.Select(kind => kind.GetProperty("dead").GetInt32()));
        Assert.Equal([0, 1], kinds.Select(kind => kind.GetProperty("ready").GetInt32()));
        Assert.InRange(kinds[1].GetProperty("oldestAgeSeconds").GetDouble(), 0, 60);
    }

    [Fact]
    public async Task Dead_jobs_are_listed_shown_replayed_and_deleted()
    {
        string[] ids = [await MoveToDeadLettersAsync(1), await MoveToDeadLettersAsync(2), await MoveToDeadLettersAsync(3)];
        Array.Sort(ids, StringComparer.Ordinal);
        await using var api = await StartAsync(_jobs);

        var first = await api.GetAsync("/admin/jobs/dead?limit=2");
        Assert.Equal(ids[..2], first.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
        var second = await api.GetAsync($"/admin/jobs/dead?limit=2&after={first.GetProperty("next").GetString()}");
        Assert.Equal(ids[2], Assert.Single(second.GetProperty("jobs").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        var job = await api.GetAsync($"/admin/jobs/dead/{ids[0]}");
        Assert.Equal(("no luck", "normal"), (job.GetProperty("error").GetString(), job.GetProperty("priority").GetString()));
        Assert.InRange(job.GetProperty("payload").GetProperty("Number").GetInt32(), 1, 3);

        await api.ExpectAsync(HttpMethod.Post, $"/admin/jobs/dead/{ids[0]}/replay", HttpStatusCode.NoContent);
        await api.ExpectAsync(HttpMethod.Post, $"/admin/jobs/dead/{ids[0]}/replay", HttpStatusCode.NotFound, "dead-job-not-found");
        await api.ExpectAsync(HttpMethod.Delete, $"/admin/jobs/dead/{ids[1]}", HttpStatusCode.NoContent);
        await api.ExpectAsync(HttpMethod.Get, $"/admin/jobs/dead/{ids[1]}", HttpStatusCode.NotFound, "dead-job-not-found");
        var replayed = await api.ExpectAsync(HttpMethod.Post, "/admin/jobs/dead/replay", HttpStatusCode.OK);
        Assert.Equal(1, replayed.GetProperty("jobs").GetInt32());
        await MoveToDeadLettersAsync(4);
        Assert.Equal(1, (await api.ExpectAsync(HttpMethod.Delete, "/admin/jobs/dead", HttpStatusCode.OK)).GetProperty("jobs").GetInt32());
        Assert.Empty(await _jobs.Dead.ListAsync(null, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData("/admin/jobs/dead?limit=0", "limit-out-of-range")]
    [InlineData("/admin/jobs/dead?limit=1001", "limit-out-of-range")]
    [InlineData("/admin/jobs/dead?limit=x", "request-malformed")]
    [InlineData("/admin/jobs/dead?after=x", "job-id-invalid")]
    [InlineData("/admin/jobs/dead/x", "job-id-invalid")]
    public async Task Get_WithBadInput_SaysWhatIsWrong(string path, string code)
    {
        await using var api = await StartAsync(_jobs);

        await api.ExpectAsync(HttpMethod.Get, path, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Every_route_is_described()
    {
        await using var api = await StartAsync(_jobs);

        Assert.Equal(
            ["CountJobs", "GetDeadJob", "ListDeadJobs", "PurgeDeadJob", "PurgeDeadJobs", "ReplayDeadJob", "ReplayDeadJobs"],
            api.Routes
                .Select(route => route.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName)
                .Order(StringComparer.Ordinal));
        Assert.All(api.Routes, route =>
        {
            Assert.NotEmpty(route.Metadata.GetRequiredMetadata<IEndpointSummaryMetadata>().Summary);
            Assert.Contains(route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>(), response => response.StatusCode == 503);
        });
    }

    [Fact]
    public async Task Get_WhileTheQueueCannotBeReached_Is503()
    {
        await using var unreachable = await _engine.OpenUnreachableAsync();
        await using var api = await StartAsync(unreachable);

        await api.ExpectAsync(HttpMethod.Get, "/admin/jobs", HttpStatusCode.ServiceUnavailable, "job-queue-unavailable");
    }

    private async Task<string> MoveToDeadLettersAsync(int number)
    {
        var job = TestJobs.Create(number) with { Priority = JobPriority.Normal };
        await _jobs.Queue.EnqueueAsync(job with { Kind = TestJobs.OtherKind.Name }, CancellationToken.None);
        var taken = await _jobs.Source.TakeAsync([TestJobs.OtherKind.Name], 1, TimeSpan.FromMinutes(1), CancellationToken.None);
        await _jobs.Source.MoveToDeadLettersAsync(Assert.Single(taken.Jobs), "no luck", CancellationToken.None);
        return job.Id.ToString();
    }

    private static async Task<Api> StartAsync(JobEngineClient jobs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(jobs.Stats).AddSingleton(jobs.Dead).AddOptions<JobOptions>();
        builder.AddProblems();
        var app = builder.Build();
        app.UseProblems();
        app.MapGroup("/admin").MapJobs();
        await app.StartAsync();
        return new Api(app);
    }

    private sealed class Api(WebApplication app) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        public IReadOnlyList<Endpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        public Task<JsonElement> GetAsync(string path) => ExpectAsync(HttpMethod.Get, path, HttpStatusCode.OK);

        public async Task<JsonElement> ExpectAsync(HttpMethod method, string path, HttpStatusCode status, string? code = null)
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _client.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            if (status == HttpStatusCode.NoContent)
            {
                return default;
            }

            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (code is not null)
            {
                Assert.Equal(code, body.GetProperty("code").GetString());
            }

            return body;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await app.DisposeAsync();
        }
    }
}
