using System.Text;
using System.Text.Json;
using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Processing;

/// <summary>Processing with the store in PostgreSQL, its queue, and an object store that fails on demand.</summary>
public sealed class MediaProcessorTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly JobId s_job = new(Guid.CreateVersion7());

    private static readonly string[] s_names = ["number", "declared", "matches", "detected"];

    private readonly MediaProcessingOptions _options = new() { MaxTries = 3, RetryDelay = TimeSpan.FromMilliseconds(1) };
    private readonly StoredContent _content = new();
    private TestMediaStore _media = null!;

    public async Task InitializeAsync() => _media = await TestMediaStore.OpenAsync(postgres);

    public async Task DisposeAsync() => await _media.DisposeAsync();

    [Fact]
    public async Task An_uploaded_item_gets_ready_with_the_types_of_its_content()
    {
        var id = await AddAsync(MediaKind.Image, ("image/png", "\xff\xd8\xff\xe0"), ("image/x-rare", "\x01\x02"));

        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(id));

        var item = (await _media.Store.FindAsync(id, default))!;
        Assert.Equal((MediaStatus.Ready, null, null), (item.Status, item.Failure, item.Attempt));
        using var details = JsonDocument.Parse(item.Details!);
        Assert.Equal(
            """[{"number":1,"declared":"image/png","matches":false,"detected":"image/jpeg"},{"number":2,"declared":"image/x-rare"}]""",
            Normalize(details.RootElement.GetProperty("parts")));
        Assert.Equal(TypeDetector.HeadBytes, _content.LargestRead);
    }

    [Fact]
    public async Task A_job_that_runs_twice_changes_the_item_once()
    {
        var id = await AddAsync();
        await ProcessAsync(id);
        var version = (await _media.Store.FindAsync(id, default))!.Version;

        Assert.Equal(ProcessingOutcome.NothingToDo, await ProcessAsync(id));
        Assert.Equal(version, (await _media.Store.FindAsync(id, default))!.Version);
        Assert.Equal(ProcessingOutcome.NothingToDo, await ProcessAsync(MediaId.New(TimeProvider.System)));
    }

    [Fact]
    public async Task A_store_that_fails_makes_the_item_failed_after_the_maximum_of_tries_with_its_reason()
    {
        var id = await AddAsync();
        _content.BeforeRead = (_, _) => throw new ObjectStoreException("SlowDown: secret details", "SlowDown", null);

        var outcomes = new List<ProcessingOutcome>();
        var job = s_job;
        while (outcomes is [] or [.., ProcessingOutcome.Waits])
        {
            outcomes.Add(await ProcessAsync(id, job));
            job = outcomes is [.., ProcessingOutcome.Waits] ? await TakeJobAsync(id) : job;
        }

        Assert.Equal([ProcessingOutcome.Waits, ProcessingOutcome.Waits, ProcessingOutcome.Failed], outcomes);
        var item = (await _media.Store.FindAsync(id, default))!;
        Assert.Equal((MediaStatus.Failed, "object-store-failed", 3), (item.Status, item.Failure!.Code, item.Failure.Count));
        Assert.DoesNotContain("secret", item.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_comes_back_makes_the_item_ready()
    {
        var id = await AddAsync();
        _content.BeforeRead = (_, _) => throw new IOException("Connection reset.");
        Assert.Equal(ProcessingOutcome.Waits, await ProcessAsync(id));
        Assert.Equal((MediaStatus.Processing, 1), await StateAsync(id));

        _content.BeforeRead = (_, _) => Task.CompletedTask;

        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(id, await TakeJobAsync(id)));
        Assert.Equal((MediaStatus.Ready, null), await StateAsync(id));
    }

    [Fact]
    public async Task Content_of_another_sort_than_the_kind_fails_at_once_and_the_details_show_it()
    {
        var id = await AddAsync(MediaKind.Image, ("image/png", "<script>alert(document.cookie)</script>"));

        Assert.Equal(ProcessingOutcome.Failed, await ProcessAsync(id));

        var item = (await _media.Store.FindAsync(id, default))!;
        Assert.Equal(("type-mismatch", 1), (item.Failure!.Code, item.Failure.Count));
        Assert.Contains("text/html", item.Details, StringComparison.Ordinal);
        _options.RefuseMismatched = false;
        var other = await AddAsync(MediaKind.Image, ("image/png", "<script>"));
        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(other));
    }

    [Fact]
    public async Task Of_two_workers_at_once_one_runs()
    {
        var id = await AddAsync();
        var (entered, leave) = HoldReads();

        var first = ProcessAsync(id);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ProcessingOutcome.Busy, await ProcessAsync(id, new JobId(Guid.CreateVersion7())));
        leave.SetResult();
        Assert.Equal(ProcessingOutcome.Ready, await first);
    }

    [Fact]
    public async Task A_worker_that_was_paused_while_its_job_ran_again_changes_nothing()
    {
        var id = await AddAsync();
        var (entered, leave) = HoldReads();
        var paused = ProcessAsync(id);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _content.BeforeRead = (_, _) => Task.CompletedTask;

        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(id));
        var version = (await _media.Store.FindAsync(id, default))!.Version;
        leave.SetResult();

        Assert.Equal(ProcessingOutcome.Lost, await paused);
        Assert.Equal(version, (await _media.Store.FindAsync(id, default))!.Version);
    }

    [Fact]
    public async Task A_worker_that_stops_releases_its_attempt_and_it_does_not_count()
    {
        var id = await AddAsync();
        var (entered, _) = HoldReads();
        using var stopping = new CancellationTokenSource();
        var attempt = ProcessAsync(id, s_job, cancellationToken: stopping.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);

        Assert.Equal((MediaStatus.Processing, null), await StateAsync(id));
        _content.BeforeRead = (_, _) => Task.CompletedTask;
        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(id, new JobId(Guid.CreateVersion7())));
    }

    [Fact]
    public async Task A_killed_workers_attempt_counts_and_its_job_takes_its_place_at_once()
    {
        var id = await AddAsync();
        await _media.Store.ChangeAsync([id], set => MediaProcessing.Begin(set, id, Guid.CreateVersion7(), s_job, _options), default);

        Assert.Equal(ProcessingOutcome.Busy, await ProcessAsync(id, new JobId(Guid.CreateVersion7())));
        _content.BeforeRead = (_, _) => throw new IOException("Away.");
        Assert.Equal(ProcessingOutcome.Waits, await ProcessAsync(id, s_job));
        Assert.Equal((MediaStatus.Processing, 2), await StateAsync(id));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_counts_as_a_failure()
    {
        _options.ProcessTimeout = TimeSpan.FromMilliseconds(100);
        var id = await AddAsync();
        HoldReads();

        Assert.Equal(ProcessingOutcome.Waits, await ProcessAsync(id));
        Assert.Equal("processing-timeout", (await _media.Store.FindAsync(id, default))!.Failure!.Code);
    }

    [Fact]
    public async Task A_prober_that_hostile_content_breaks_fails_its_item_alone()
    {
        var id = await AddAsync();

        Assert.Equal(ProcessingOutcome.Waits, await ProcessAsync(id, prober: new BreakingProber()));
        Assert.Equal("processing-error", (await _media.Store.FindAsync(id, default))!.Failure!.Code);
    }

    [Fact]
    public async Task A_deferred_update_whose_alias_was_taken_meanwhile_is_applied_without_it()
    {
        var id = await AddAsync(deferred: DeferredUpdate.Format(new() { Name = "After", Alias = "cover" }));
        await _media.Store.ChangeAsync(
            [], _ => new MediaDecision<int>(0) { Created = [NewMedia.Of("alice", "b") with { Alias = new("cover") }] }, default);

        Assert.Equal(ProcessingOutcome.Ready, await ProcessAsync(id));

        var item = (await _media.Store.FindAsync(id, default))!;
        Assert.Equal((MediaStatus.Ready, "After", null, null), (item.Status, item.Name, item.Alias, item.Deferred));
    }

    [Fact]
    public async Task An_item_whose_job_was_lost_is_enqueued_again_and_one_that_waits_is_not_doubled()
    {
        var lost = await AddAsync();
        var waiting = await AddAsync();
        await _media.Jobs.Queue.EnqueueAsync(ProcessMedia.Of(waiting, TimeProvider.System), default);
        var ready = await AddAsync();
        await ProcessAsync(ready);
        var running = await AddAsync();
        await _media.Store.ChangeAsync(
            [running], set => MediaProcessing.Begin(set, running, Guid.CreateVersion7(), s_job, _options), default);
        var sync = new MediaSync(
            new MediaLifecycleQueries(postgres.Database), null!, _media.Jobs.Queue, TimeProvider.System, NullLogger<MediaSync>.Instance);

        Assert.Equal(0, await sync.RequeueAsync(TimeSpan.FromHours(1), 1, default));
        Assert.Equal(1, await sync.RequeueAsync(TimeSpan.Zero, 1, default));
        Assert.Equal(0, await sync.RequeueAsync(TimeSpan.Zero, 1, default));

        Assert.Equal(new HashSet<MediaId> { lost, waiting }, (await TakeJobsAsync()).Select(IdOf).ToHashSet());
    }

    private Task<ProcessingOutcome> ProcessAsync(
        MediaId id, JobId? job = null, IMediaProber? prober = null, CancellationToken cancellationToken = default) =>
        new MediaProcessor(
            _media.Store, _content, prober ?? new GenericMediaProber(), Options.Create(_options), TimeProvider.System,
            NullLogger<MediaProcessor>.Instance).ProcessAsync(id, job ?? s_job, cancellationToken);

    private Task<MediaId> AddAsync(string? deferred = null) => AddAsync(MediaKind.Simple, deferred, ("text/plain", "a text"));

    private Task<MediaId> AddAsync(MediaKind kind, params (string Declared, string Content)[] parts) => AddAsync(kind, null, parts);

    private async Task<MediaId> AddAsync(MediaKind kind, string? deferred, params (string Declared, string Content)[] parts)
    {
        var item = NewMedia.Of("alice", "a", [.. parts.Select(part => part.Content)]);
        item = item with
        {
            Kind = kind,
            Status = MediaStatus.Uploaded,
            Deferred = deferred,
            Parts = [.. item.Parts.Zip(parts, (part, given) => part with { ContentType = given.Declared })],
        };
        foreach (var (part, given) in item.Parts.Zip(parts))
        {
            _content.Put(part, Encoding.Latin1.GetBytes(given.Content));
        }

        await _media.Store.ChangeAsync([], _ => new MediaDecision<int>(0) { Created = [item] }, default);
        return item.Id;
    }

    private async Task<(MediaStatus Status, int? Failures)> StateAsync(MediaId id)
    {
        var item = (await _media.Store.FindAsync(id, default))!;
        return (item.Status, item.Failure?.Count);
    }

    private (TaskCompletionSource Entered, TaskCompletionSource Leave) HoldReads()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _content.BeforeRead = (_, token) =>
        {
            entered.TrySetResult();
            return leave.Task.WaitAsync(token);
        };
        return (entered, leave);
    }

    /// <summary>Takes the job of an item's next attempt, when it is due.</summary>
    private async Task<JobId> TakeJobAsync(MediaId id)
    {
        JobId? taken = null;
        await Until.TrueAsync("the next attempt is due", async () =>
        {
            taken ??= (await TakeJobsAsync()).Where(job => IdOf(job) == id).Select(job => (JobId?)job.Id).FirstOrDefault();
            return taken is not null;
        });
        return taken!.Value;
    }

    private async Task<IReadOnlyList<LeasedJob>> TakeJobsAsync() =>
        (await _media.Jobs.Source.TakeAsync([ProcessMedia.Kind.Name], 10, TimeSpan.FromMinutes(1), default)).Jobs;

    private static MediaId IdOf(LeasedJob job) => new(ProcessMedia.Kind.Read(job.Payload).MediaId);

    // PostgreSQL orders the names of JSON objects by their length.
    private static string Normalize(JsonElement parts) => "[" + string.Join(",", parts.EnumerateArray().Select(part => "{" + string.Join(
        ",",
        s_names
            .Where(name => part.TryGetProperty(name, out _))
            .Select(name => $"\"{name}\":{part.GetProperty(name).GetRawText()}")) + "}")) + "]";

    private sealed class BreakingProber : IMediaProber
    {
        public Task<ProbedMedia> ProbeAsync(
            MediaItem item, IReadOnlyDictionary<int, DetectedType> types, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Hostile.");
    }
}
