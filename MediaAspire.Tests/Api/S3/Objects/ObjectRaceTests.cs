using System.Net;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class ObjectRaceTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Of_puts_at_the_same_time_the_one_that_is_whole_last_wins()
    {
        var slow = new HeldContent(Bodies.Random(300_000));
        using var request = _host.Request(HttpMethod.Put, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = slow;
        var sending = _host.SendAsync(request);
        using var fast = await _host.PutAsync("/first/a", [1]);

        await fast.AssertStatusAsync(200);
        Assert.Equal([1], await _host.GetBytesAsync("/first/a"));
        slow.Release();
        using var stored = await sending;
        await stored.AssertStatusAsync(200);
        Assert.Equal(300_000, (await _host.GetBytesAsync("/first/a")).Length);
    }

    [Fact]
    public async Task A_read_of_the_old_version_that_has_begun_goes_on_to_its_end()
    {
        // More than the connection's buffers hold, so that most of it is read after the overwriting.
        var old = Bodies.Random(40_000_000);
        using var put = await _host.PutAsync("/first/a", old);
        using var request = _host.Request(HttpMethod.Get, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        using var reading = await _host.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        using var overwritten = await _host.PutAsync("/first/a", [1]);
        using var deleted = await _host.DeleteAsync("/first/a");

        await deleted.AssertStatusAsync(204);
        Assert.Equal(old, await reading.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Readers_of_a_key_that_is_overwritten_all_the_time_see_whole_versions_only()
    {
        // Each version repeats one byte and has a length of its own.
        static byte[] Version(int i) => [.. Enumerable.Repeat((byte)i, 1000 + i)];
        using var first = await _host.PutAsync("/first/a", Version(0));

        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 15; i++)
            {
                using var put = await _host.PutAsync("/first/a", Version((writer * 15) + i));
                await put.AssertStatusAsync(200);
            }
        }));
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var seen = 0;
            do
            {
                var bytes = await _host.GetBytesAsync("/first/a");
                Assert.Equal(Version(bytes[0]), bytes);
                seen++;
            }
            while (!writing.IsCompleted);
            return seen;
        }));

        await writing;
        Assert.All(await reading, seen => Assert.True(seen > 0));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT sum(holders) FROM files"));
    }

    [Fact]
    public async Task An_object_of_parts_is_read_whole_or_not_there_while_it_is_deleted()
    {
        var bucket = (await _host.Buckets.FindAsync("first", CancellationToken.None))!;
        for (var round = 0; round < 20; round++)
        {
            await ComposedObject.MakeAsync(_host, bucket, "a", [[1, 2], [3]]);
            var reading = Enumerable.Range(0, 6).Select(_ => _host.GetAsync("/first/a")).ToList();
            using var deleted = await _host.DeleteAsync("/first/a");
            foreach (var got in await Task.WhenAll(reading))
            {
                using (got)
                {
                    if (got.StatusCode == HttpStatusCode.OK)
                    {
                        Assert.Equal([1, 2, 3], await got.Content.ReadAsByteArrayAsync());
                    }
                    else
                    {
                        await got.AssertErrorAsync(404, "NoSuchKey");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_either_has_its_bytes_or_is_refused_when_its_source_is_deleted(bool inParts)
    {
        var bucket = (await _host.Buckets.FindAsync("first", CancellationToken.None))!;
        for (var round = 0; round < 20; round++)
        {
            if (inParts)
            {
                await ComposedObject.MakeAsync(_host, bucket, "source", [[1, 2], [3]]);
            }
            else
            {
                using var put = await _host.PutAsync("/first/source", [1, 2, 3]);
            }

            var copying = _host.PutAsync("/first/copy", [], ("x-amz-copy-source", "first/source"));
            var deleting = _host.DeleteAsync("/first/source");
            using var copied = await copying;
            using var deleted = await deleting;

            await deleted.AssertStatusAsync(204);
            using var got = await _host.GetAsync("/first/copy");
            if (copied.StatusCode == HttpStatusCode.OK)
            {
                Assert.Equal([1, 2, 3], await got.Content.ReadAsByteArrayAsync());
            }
            else
            {
                await copied.AssertErrorAsync(404, "NoSuchKey");
                await got.AssertErrorAsync(404, "NoSuchKey");
            }

            using var cleared = await _host.DeleteAsync("/first/copy");
            Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status <> 'deleted' OR holders <> 0"));
        }
    }

    [Fact]
    public async Task Copies_of_an_object_of_parts_that_are_made_and_removed_at_once_count_its_holders_right()
    {
        var bucket = (await _host.Buckets.FindAsync("first", CancellationToken.None))!;
        var parts = Enumerable.Range(0, 8).Select(i => Bodies.Random(10 + i)).ToList();
        await ComposedObject.MakeAsync(_host, bucket, "source", parts);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async copy =>
        {
            for (var i = 0; i < 6; i++)
            {
                using var copied = await _host.PutAsync($"/first/copy-{copy}", [], ("x-amz-copy-source", "first/source"));
                await copied.AssertStatusAsync(200);
                using var deleted = await _host.DeleteAsync($"/first/copy-{copy}");
                await deleted.AssertStatusAsync(204);
            }
        }));

        Assert.Equal(8, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed' AND holders = 1"));
        Assert.Equal(parts.SelectMany(part => part), await _host.GetBytesAsync("/first/source"));
    }
}
