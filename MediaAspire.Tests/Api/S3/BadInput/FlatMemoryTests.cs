using System.Net;
using System.Security.Cryptography;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Api.S3.BadInput;

/// <summary>
/// Bodies far larger than the memory they may use: client, API and node share one process, whose live heap is measured meanwhile.
/// </summary>
[Collection(MemoryGroup.Name)]
public sealed class FlatMemoryTests(PostgresFixture postgres, ITestOutputHelper output) : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private const int Size = 256 * MiB;
    private const int Step = 16 * MiB;

    // A block in flight at each station, the pools, and a margin: an eighth of the body.
    private const long MostHeld = 32L * MiB;

    private S3TestHost _host = null!;
    private long _before;
    private (int Looks, long Most) _held;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");

        // Pools and connections are there before anything is measured.
        await PutAsync("/first/warm", 4 * MiB);
        await GetAsync("/first/warm");
        _before = GC.GetTotalMemory(forceFullCollection: true);
        _held = default;
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_body_is_put_as_an_object_and_read_without_being_held()
    {
        var put = await PutAsync("/first/a", Size);
        AssertFlat("put");
        var got = await GetAsync("/first/a");
        AssertFlat("get");

        Assert.Equal(put, got);
    }

    [Fact]
    public async Task A_body_is_put_as_a_part_copied_as_a_part_and_read_without_being_held()
    {
        var upload = await TestUpload.BeginAsync(_host, "/first/a");
        var put = await PutAsync(upload.Target + "&partNumber=1", Size);
        AssertFlat("part");
        using var completed = await upload.CompleteAsync(TestUpload.ListOf((1, (await upload.ListPartsAsync()).Texts("ETag").Single())));
        await completed.AssertStatusAsync(200);

        var copy = await TestUpload.BeginAsync(_host, "/first/b");
        var copying = copy.CopyAsync(1, "first/a");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!copying.IsCompleted)
        {
            Measure();
            await timer.WaitForNextTickAsync();
        }

        await copying;
        AssertFlat("copy of a part");
        using var copied = await copy.CompleteAsync();
        await copied.AssertStatusAsync(200);
        var got = await GetAsync("/first/b");
        AssertFlat("get");

        Assert.Equal(put, got);
    }

    private void AssertFlat(string what)
    {
        output.WriteLine($"{what}: {_held.Looks} looks, at most {_held.Most / 1024:N0} KiB held of {Size / 1024:N0} KiB");
        Assert.True(_held.Looks >= 4, $"The heap was looked at {_held.Looks} times during the {what}.");
        Assert.InRange(_held.Most, 0, MostHeld);
        _held = default;
    }

    private void Measure() => _held = (_held.Looks + 1, Math.Max(_held.Most, GC.GetTotalMemory(forceFullCollection: true) - _before));

    private async Task<string> PutAsync(string target, int size)
    {
        using var request = _host.Request(HttpMethod.Put, target, (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        using var body = new LongContent(size, Measure);
        request.Content = body;
        using var answer = await _host.SendAsync(request);
        await answer.AssertStatusAsync(200);
        return body.Sha256!;
    }

    private async Task<string> GetAsync(string target)
    {
        using var request = _host.Request(HttpMethod.Get, target, (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        using var answer = await _host.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[MiB];
        var (got, measured) = (0L, 0L);
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            got += read;
            if (got - measured >= Step)
            {
                Measure();
                measured = got;
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Random bytes, a block at a time, with a look at the heap between them.</summary>
    private sealed class LongContent(int size, Action look) : HttpContent
    {
        public string? Sha256 { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[MiB];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var sent = 0; sent < size; sent += block.Length)
            {
                RandomNumberGenerator.Fill(block);
                hash.AppendData(block);
                await stream.WriteAsync(block);
                if (sent % Step == 0)
                {
                    look();
                }
            }

            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}

/// <summary>Runs alone, because the memory of other tests would be measured as well.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryGroup : ICollectionFixture<PostgresFixture>
{
    public const string Name = "Memory";
}
