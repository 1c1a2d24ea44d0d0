using MediaAspire.Api.Media;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Media;

/// <summary>The routes of processing and of the report in this process; <c>x-owner</c> names the owner of the sender's key.</summary>
internal sealed class ProcessingApi : IAsyncDisposable
{
    private const string OwnerHeader = "x-owner";

    private readonly WebApplication _app;
    private readonly TestMediaStore _media;
    private readonly HttpClient _client;

    private ProcessingApi(WebApplication app, TestMediaStore media)
    {
        _app = app;
        _media = media;
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public static MediaProcessingOptions Settings { get; } = new() { MaxTries = 2 };

    public StoredContent Content { get; } = new();

    public static async Task<ProcessingApi> StartAsync(PostgresFixture postgres)
    {
        var media = await TestMediaStore.OpenAsync(postgres);
        await postgres.ClearAsync("media_usage", "media_usage_deltas", "media_syncs");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddProblems();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton<IMediaStore>(media.Store);
        builder.Services.AddSingleton(Options.Create(Settings));
        builder.Services.AddSingleton<MediaUsageCounter>();
        builder.Services.AddSingleton<SyncRuns>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Policies.MediaRead, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Policies.MediaWrite, policy => policy.RequireAssertion(_ => true));
        var app = builder.Build();
        app.UseProblems();
        app.Use((http, next) =>
        {
            OwnerId? owner = http.Request.Headers[OwnerHeader] is [{ } name] ? new OwnerId(name) : null;
            http.SetCaller(new Caller(CallerKind.ApiKey, "key", owner));
            return next(http);
        });
        app.UseRouting();
        app.UseAuthorization();
        var group = app.MapGroup("/media");
        group.MapProcessing();
        group.MapReport();
        await app.StartAsync();
        return new(app, media);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? owner = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (owner is not null)
        {
            request.Headers.Add(OwnerHeader, owner);
        }

        return await _client.SendAsync(request);
    }

    public async Task<MediaItem> AddAsync(MediaItem item, string? content = null)
    {
        if (content is not null)
        {
            Content.Put(item.Parts[0], System.Text.Encoding.UTF8.GetBytes(content));
        }

        await _media.Store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [item] }, default);
        return item;
    }

    public Task<MediaItem?> FindAsync(MediaItem item) => _media.Store.FindAsync(item.Id, default);

    /// <summary>Runs the next job of processing when it is in the queue, as a worker does.</summary>
    public async Task RunNextJobAsync()
    {
        LeasedJob? job = null;
        await Until.TrueAsync("a job is enqueued", async () =>
        {
            var taken = await _media.Jobs.Source.TakeAsync([ProcessMedia.Kind.Name], 1, TimeSpan.FromMinutes(1), default);
            job = taken.Jobs is [var first] ? first : null;
            return job is not null;
        });
        var processor = new MediaProcessor(
            _media.Store, Content, new GenericMediaProber(), Options.Create(Settings), TimeProvider.System,
            NullLogger<MediaProcessor>.Instance);
        await processor.ProcessAsync(new MediaId(ProcessMedia.Kind.Read(job!.Payload).MediaId), job.Id, default);
        await _media.Jobs.Source.CompleteAsync([job], default);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _media.DisposeAsync();
    }
}
