using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>
/// Uploads by every door while the API, the nodes and the worker are killed with SIGKILL at random, also at the same time. Told offsets
/// are right after each kill, and all acknowledged bytes are read at the end.
/// </summary>
/// <remarks>
/// <c>MEDIAASPIRE_UPLOAD_KILLS</c> is the number of kills, about 25 a minute; without it the test is skipped.
/// <c>MEDIAASPIRE_UPLOAD_SEED</c> repeats the decisions, as far as processes allow. Cuts of connections are in
/// <see cref="Api.Uploads.UploadCutTests"/>, and lost commits in <see cref="Tests.Uploads.UploadModelTests"/>.
/// </remarks>
[Collection(KillGroup.Name)]
public sealed class KilledUploadTests(ITestOutputHelper output)
{
    private const string Setting = "MEDIAASPIRE_UPLOAD_KILLS";
    private const int ClientsOfADoor = 2;
    private const int MaxBytes = 2 * 1024 * 1024;

    // The longest time between two kills of a process, in milliseconds. Most uploads in one request fit into it.
    private const int MostPause = 6000;

    private static readonly string[] s_victims = ["api", "worker", "storage"];
    private static readonly int s_kills = Number(Setting, 0);

    private readonly int _seed = Number("MEDIAASPIRE_UPLOAD_SEED", Environment.TickCount);
    private readonly UploadKillCounts _counts = new();
    private readonly ConcurrentBag<(string Name, string Sha256, Func<Task<byte[]?>> Read)> _stored = [];
    private int _kills;

    [KillFact]
    public async Task Uploads_by_every_door_survive_kills_of_every_process()
    {
        output.WriteLine($"{Setting}={s_kills} MEDIAASPIRE_UPLOAD_SEED={_seed}");
        var graph = new UploadKillGraph();
        await graph.InitializeAsync();
        try
        {
            await RunAsync(graph);
        }
        finally
        {
            output.WriteLine($"{_counts}");
            await graph.DisposeAsync();
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private async Task RunAsync(UploadKillGraph graph)
    {
        using var bucket = new S3Bucket((await graph.App.GetConnectionStringAsync("s3"))!);
        await bucket.Client.PutBucketAsync(S3Bucket.Name);
        var api = new KillableApi(graph.Api, _counts);
        IKillDoor[] doors = [new ResumableKillDoor(api, _counts), new PlainKillDoor(api), new S3KillDoor(bucket.Client, _counts)];

        // The processes are killed independently of each other; one node at a time, because the copies of a chunk are on two.
        using var done = new CancellationTokenSource();
        using var failed = new CancellationTokenSource();
        var killing = Task.WhenAll(
            s_victims.Select((victim, index) => KillAsync(graph, victim, new Random((_seed * 17) + index), failed.Token)));
        var clients = doors.SelectMany((door, index) => Enumerable.Range(0, ClientsOfADoor)
            .Select(client => RunAsync(door, (index * ClientsOfADoor) + client, done.Token))).ToList();
        try
        {
            // A client that has failed ends the run, and so does a process that does not restart.
            await await Task.WhenAny([killing, .. clients]);
            await killing;
        }
        finally
        {
            await failed.CancelAsync();
            await done.CancelAsync();
            await Task.WhenAll([killing, .. clients]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(clients);
        foreach (var (name, sha256, read) in _stored)
        {
            Assert.Equal((name, sha256), (name, TestBytes.Sha256(await KillableApi.RepeatAsync(name, read))));
        }

        await graph.WaitForAsync("SELECT count(*) FROM uploads WHERE state = 'completing' OR is_held", 0, TimeSpan.FromMinutes(1));
        await graph.WaitForAsync("SELECT count(*) FROM upload_pieces", 0, TimeSpan.FromMinutes(1));
        Assert.All(doors, door => Assert.True(_counts.Of($"uploads {door.Name}") > 0));
    }

    private async Task KillAsync(UploadKillGraph graph, string victim, Random random, CancellationToken failed)
    {
        while (Interlocked.Increment(ref _kills) <= s_kills && !failed.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(MostPause)), TimeProvider.System, CancellationToken.None);
            await graph.KillAndRestartAsync(victim == "storage" ? $"storage-{random.Next(1, GraphFixture.Nodes + 1)}" : victim);
            _counts.Add($"kills {victim}");
        }
    }

    private async Task RunAsync(IKillDoor door, int number, CancellationToken done)
    {
        var random = new Random((_seed * 31) + number);
        for (var upload = 0; !done.IsCancellationRequested; upload++)
        {
            var bytes = TestBytes.Make(random.Next(), random.Next(1, MaxBytes));
            var read = await door.StoreAsync(bytes, random);
            var name = $"upload {upload} of client {number} ({door.Name}, {bytes.Length} bytes)";
            Assert.Equal((name, TestBytes.Sha256(bytes)), (name, TestBytes.Sha256(await KillableApi.RepeatAsync(name, read))));
            _stored.Add((name, TestBytes.Sha256(bytes), read));
            _counts.Add($"uploads {door.Name}");
            _counts.Add("bytes", bytes.Length);
        }
    }

    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class KillGroup
    {
        public const string Name = "Kills of uploads";
    }

    private sealed class KillFactAttribute : FactAttribute
    {
        public KillFactAttribute() => Skip = s_kills == 0 ? $"{Setting} is not set." : null;
    }
}
