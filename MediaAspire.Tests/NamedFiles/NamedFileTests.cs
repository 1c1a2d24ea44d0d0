using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MediaAspire.Core.Staging;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.NamedFiles;

/// <summary>Tests of named files, which are put, read before and after the split, and replaced, also during faults.</summary>
public sealed class NamedFileTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Unfinished = "SELECT count(*) FROM files WHERE upload_status = 'uploading'";

    private readonly string _client = $"client {Guid.CreateVersion7()}";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64_512)]
    [InlineData(300_001)]
    [InlineData(3_000_000)]
    public async Task A_file_is_the_same_before_and_after_the_split_and_staging_is_empty_then(int size)
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        var bytes = TestBytes.Make(size, size);
        const string Name = "ünï/\"照片\" +&.png";

        await api.PutOkAsync(_client, Name, bytes);
        Assert.Equal(bytes, await api.GetOkAsync(_client, Name));
        Assert.Equal(size, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Bytes);

        var version = (await api.FindAsync(_client, Name)).Version;
        await api.SplitAsync(version);

        Assert.NotNull((await api.FindAsync(_client, Name)).File);
        Assert.Equal(bytes, await api.GetOkAsync(_client, Name));
        await api.Staging.AssertEmptyAsync();

        // Delivered once more.
        await api.SplitAsync(version);
        Assert.Equal(bytes, await api.GetOkAsync(_client, Name));
    }

    [Fact]
    public async Task The_worker_splits_files_by_itself()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: true);
        var files = Enumerable.Range(0, 20).ToDictionary(seed => $"{seed}.bin", seed => TestBytes.Make(seed, 1000 * (seed + 1)));

        await Task.WhenAll(files.Select(file => api.PutOkAsync(_client, file.Key, file.Value)));
        await api.WaitUntilNothingIsStagedAsync();

        await api.Staging.AssertEmptyAsync();
        foreach (var (name, bytes) in files)
        {
            Assert.NotNull((await api.FindAsync(_client, name)).File);
            Assert.Equal(bytes, await api.GetOkAsync(_client, name));
        }
    }

    [Fact]
    public async Task A_second_put_replaces_a_split_file_and_deletes_it()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        await api.PutOkAsync(_client, "a", [1]);
        var first = await api.FindAsync(_client, "a");
        await api.SplitAsync(first.Version);
        var firstFile = (await api.FindAsync(_client, "a")).File!.Value;

        await api.PutOkAsync(_client, "a", [2, 2]);

        Assert.Equal([2, 2], await api.GetOkAsync(_client, "a"));
        Assert.Equal(1, await api.CountAsync(
            $"SELECT count(*) FROM files WHERE file_id = '{firstFile}' AND upload_status = 'deleted' AND deleted_at IS NOT NULL"));
        await api.SplitAsync((await api.FindAsync(_client, "a")).Version);
        Assert.Equal([2, 2], await api.GetOkAsync(_client, "a"));
        await api.Staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task A_version_replaced_before_its_split_is_only_freed()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        await api.PutOkAsync(_client, "a", [1]);
        var first = (await api.FindAsync(_client, "a")).Version;
        await api.PutOkAsync(_client, "a", [2]);
        var second = (await api.FindAsync(_client, "a")).Version;

        // The jobs may come in any order.
        await api.SplitAsync(second);
        var file = (await api.FindAsync(_client, "a")).File;
        await api.SplitAsync(first);

        Assert.NotNull(file);
        Assert.Equal(file, (await api.FindAsync(_client, "a")).File);
        Assert.Equal([2], await api.GetOkAsync(_client, "a"));
        await api.Staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task Two_splits_of_a_version_at_once_leave_one_file_and_no_remains()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        var bytes = TestBytes.Make(5, 500_000);
        var before = await api.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'");
        await api.PutOkAsync(_client, "a", bytes);
        var version = (await api.FindAsync(_client, "a")).Version;

        var runs = Enumerable.Range(0, 4).Select(_ => SplitMaybeAsync()).ToArray();
        await Task.WhenAll(runs);

        Assert.Equal(bytes, await api.GetOkAsync(_client, "a"));
        Assert.Equal(before + 1, await api.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(0, await api.CountAsync(Unfinished));
        await api.SplitAsync(version);
        await api.Staging.AssertEmptyAsync();

        async Task SplitMaybeAsync()
        {
            try
            {
                await api.SplitAsync(version);
            }
            catch (StagingException freedMeanwhile) when (freedMeanwhile.Failure == StagingFailure.Missing)
            {
                // The other run was faster: the queue delivers this job again, and it has nothing to do.
            }
        }
    }

    [Fact]
    public async Task Readers_see_one_version_or_another_and_never_a_mix()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: true);
        var put = new ConcurrentDictionary<string, bool>();
        await PutOneAsync(seed: 0);
        using var done = new CancellationTokenSource();
        var reads = 0;

        var readers = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.True(put.ContainsKey(TestBytes.Sha256(await api.GetOkAsync(_client, "one"))));
                Interlocked.Increment(ref reads);
            }
        }).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async writer =>
        {
            for (var i = 1; i <= 20; i++)
            {
                await PutOneAsync((writer * 100) + i);
            }
        }));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.InRange(reads, 3, int.MaxValue);
        await api.WaitUntilNothingIsStagedAsync();
        await api.Staging.AssertEmptyAsync();
        Assert.True(put.ContainsKey(TestBytes.Sha256(await api.GetOkAsync(_client, "one"))));

        async Task PutOneAsync(int seed)
        {
            var bytes = TestBytes.Make(seed, 50_000 + (seed * 7919 % 400_000));
            put[TestBytes.Sha256(bytes)] = true;
            await api.PutOkAsync(_client, "one", bytes);
        }
    }

    [Fact]
    public async Task A_damaged_staged_value_is_neither_sent_nor_split()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        await api.PutOkAsync(_client, "a", TestBytes.Make(1, 1000));
        var version = (await api.FindAsync(_client, "a")).Version;
        await api.Staging.Connection.GetDatabase().HashSetAsync($"staging:value:{version}", "0", TestBytes.Make(2, 1000));

        using (var response = await api.GetAsync(_client, "a"))
        {
            await response.AssertProblemAsync(503, "staging-damaged");
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => api.SplitAsync(version));
        Assert.Equal(0, await api.CountAsync(Unfinished));
        Assert.Null((await api.FindAsync(_client, "a")).File);
    }

    [Fact]
    public async Task A_file_deleted_by_its_id_takes_its_name_along()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        await api.PutOkAsync(_client, "a", [1]);
        await api.SplitAsync((await api.FindAsync(_client, "a")).Version);

        using (var deleted = await api.Client.DeleteAsync($"/files/{(await api.FindAsync(_client, "a")).File}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        using var gone = await api.GetAsync(_client, "a");
        await gone.AssertProblemAsync(404, "named-file-not-found");
        await api.PutOkAsync(_client, "a", [2]);
        Assert.Equal([2], await api.GetOkAsync(_client, "a"));
    }

    [Theory]
    [InlineData("/files", 400, "parameter-invalid")]
    [InlineData("/files?client_id=a", 400, "parameter-invalid")]
    [InlineData("/files?name=a", 400, "parameter-invalid")]
    [InlineData("/files?client_id=&name=a", 400, "parameter-invalid")]
    [InlineData("/files?client_id=a&client_id=b&name=a", 400, "parameter-invalid")]
    [InlineData("/files?client_id=a&name=%00", 400, "parameter-invalid")]
    [InlineData("/files?client_id=nobody&name=nothing", 404, "named-file-not-found")]
    public async Task A_wrong_question_is_a_problem(string path, int status, string code)
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        using var response = await api.Client.GetAsync(path);
        await response.AssertProblemAsync(status, code);
    }

    [Fact]
    public async Task Too_much_is_refused_with_the_reason_and_nothing_is_kept()
    {
        await using var api = await NamedFilesApi.StartAsync(
            postgres, runsJobs: false, ("Staging:MaxSize", "100000"), ("Staging:MaxBytes", "150000"));
        await api.PutOkAsync(_client, "a", new byte[100_000]);

        using (var tooLarge = await api.PutAsync(_client, "b", new byte[100_001]))
        {
            await tooLarge.AssertProblemAsync(413, "file-too-large");
        }

        using (var declared = await api.PutAsync(_client, "b", new byte[3_000_000]))
        {
            await declared.AssertProblemAsync(413, "file-too-large");
        }

        using (var full = await api.PutAsync(_client, "b", new byte[90_000]))
        {
            await full.AssertProblemAsync(503, "staging-full");
            Assert.Equal("5", full.Headers.RetryAfter?.ToString());
        }

        Assert.Equal(100_000, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Bytes);
        await api.SplitAsync((await api.FindAsync(_client, "a")).Version);
        await api.PutOkAsync(_client, "b", new byte[90_000]);
    }

    [Fact]
    public async Task A_dead_Redis_is_a_503_until_it_is_back_and_nothing_acknowledged_is_lost()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        var bytes = TestBytes.Make(1, 200_000);
        await api.PutOkAsync(_client, "a", bytes);
        await api.Staging.Redis.KillAsync();

        using (var refused = await api.PutAsync(_client, "b", [1]))
        {
            await refused.AssertProblemAsync(503, "staging-unavailable");
            Assert.Equal("5", refused.Headers.RetryAfter?.ToString());
        }

        using (var unreadable = await api.GetAsync(_client, "a"))
        {
            await unreadable.AssertProblemAsync(503, "staging-unavailable");
        }

        await api.Staging.Redis.RestartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var status = HttpStatusCode.ServiceUnavailable; status != HttpStatusCode.OK;)
        {
            using var response = await api.PutAsync(_client, "b", [1]);
            status = response.StatusCode;
            Assert.False(limit.IsCancellationRequested, $"Still {status}.");
        }

        Assert.Equal(bytes, await api.GetOkAsync(_client, "a"));
    }

    [Fact]
    public async Task A_client_that_leaves_in_mid_body_leaves_nothing_behind()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        using var leaving = new CancellationTokenSource();
        var body = $$"""{"client_id":"c","data":"{{Convert.ToBase64String(TestBytes.Make(1, 300_000))}}""";
        var content = new HalfContent(Encoding.ASCII.GetBytes(body), async () =>
        {
            await api.WaitUntilOlderAsync(TimeSpan.Zero, count: 1);
            await leaving.CancelAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => api.Client.PostAsync("/files", content, leaving.Token));

        await api.WaitUntilNothingIsStagedAsync();
        await api.Staging.AssertEmptyAsync();
    }

    /// <summary>A body that sends a part of its declared length and then stops.</summary>
    private sealed class HalfContent : HttpContent
    {
        private readonly byte[] _part;
        private readonly Func<Task> _then;

        public HalfContent(byte[] part, Func<Task> then)
        {
            _part = part;
            _then = then;
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_part);
            await stream.FlushAsync();
            await _then();
            throw new OperationCanceledException();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2 * _part.Length;
            return true;
        }
    }
}
