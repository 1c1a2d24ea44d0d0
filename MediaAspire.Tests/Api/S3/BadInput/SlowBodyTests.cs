using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using MediaAspire.Api.Limits;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Api.S3.BadInput;

/// <summary>Senders and readers that hold a connection for as long as they can.</summary>
[Collection(MemoryGroup.Name)]
public sealed class SlowBodyTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int KiB = 1024;
    private const long Declared = 10L << 30;

    private static readonly Dictionary<string, string?> s_settings = new()
    {
        ["S3:MaxPutSize"] = $"{Declared}",
        ["Limits:MinBodyBytesPerSecond"] = "4096",
        ["Limits:BodyGrace"] = "00:00:02",
    };

    [Fact]
    public async Task A_hundred_bodies_of_10_GiB_at_240_bytes_a_second_end_soon_and_leave_nothing_while_others_are_served()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await host.CreateBucketAsync("first");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var attack = Enumerable.Range(0, 100).Select(number => AttackAsync(host, $"/first/slow{number}")).ToList();
        var limits = host.Service<RequestLimits>();
        await Until.TrueAsync("all attackers are served", () => Task.FromResult(limits.Uploads.Taken == attack.Count));

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{held / KiB:N0} KiB held for {attack.Count} bodies");
        Assert.InRange(held, 0, 100L * 1024 * KiB);
        var body = Bodies.Random(3 * 1024 * KiB);
        using (var honest = await host.PutAsync("/first/honest", body))
        {
            await honest.AssertStatusAsync(200);
            Assert.Equal(body, await host.GetBytesAsync("/first/honest"));
        }

        var responses = await Task.WhenAll(attack);
        output.WriteLine($"The attack ended after {clock.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
        Assert.All(responses, response => Assert.Contains("<Code>RequestTimeout</Code>", response, StringComparison.Ordinal));
        await Until.TrueAsync("no place is taken", () => Task.FromResult(limits.Uploads.Taken == 0));
        Assert.Equal(1, await host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await host.Files.CountAsync("SELECT count(*) FROM files"));
        foreach (var node in host.Cluster.Nodes)
        {
            await node.WaitUntilNothingIncomingAsync();
            Assert.Equal(await host.Files.CountAsync("SELECT count(*) FROM chunks"), node.Files.Length);
        }
    }

    [Fact]
    public async Task A_legal_slow_client_is_served()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await host.CreateBucketAsync("first");
        var body = Bodies.Random(80 * KiB);

        // 16 KiB a second for 5 seconds, with a pause of less than the grace at the start.
        var response = await SendSlowlyAsync(host, "/first/mobile", body.Length, body, piece: 4 * KiB, TimeSpan.FromMilliseconds(250));

        Assert.StartsWith("HTTP/1.1 200", response, StringComparison.Ordinal);
        Assert.Equal(body, await host.GetBytesAsync("/first/mobile"));
    }

    [Fact]
    public async Task A_body_that_takes_too_long_at_a_legal_rate_is_aborted_and_leaves_nothing()
    {
        await using var host = await S3TestHost.StartAsync(
            postgres, settings: new Dictionary<string, string?>(s_settings) { ["Limits:MaxBodyDuration"] = "00:00:05" });
        await host.CreateBucketAsync("first");
        var clock = Stopwatch.StartNew();

        var response = await SendSlowlyAsync(
            host, "/first/endless", Declared, new byte[4 * 1024 * KiB], piece: 16 * KiB, TimeSpan.FromMilliseconds(100));

        Assert.Equal("", response);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(20));
        await Until.TrueAsync("the request has ended", () => Task.FromResult(host.Service<RequestLimits>().Uploads.Taken == 0));
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_response_is_disconnected()
    {
        await using var host = await S3TestHost.StartAsync(
            postgres, settings: new Dictionary<string, string?>(s_settings) { ["Limits:MinResponseBytesPerSecond"] = "1000000" });
        await host.CreateBucketAsync("first");
        using (var put = await host.PutAsync("/first/a", new byte[32 * 1024 * KiB]))
        {
            await put.AssertStatusAsync(200);
        }

        using var client = await ConnectAsync(host);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /first/a HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{HeaderAuthenticator.OwnerHeader}: {S3TestHost.Owner}\r\n\r\n"));
        var limits = host.Service<RequestLimits>();
        await Until.TrueAsync("the response is being sent", () => Task.FromResult(limits.Downloads.Taken == 1));
        await Until.TrueAsync("the server has given up", () => Task.FromResult(limits.Downloads.Taken == 0));

        Assert.InRange((await ReadAllAsync(client)).Length, 1, (32 * 1024 * KiB) - 1);
    }

    [Fact]
    public async Task Places_are_bounded_for_all_and_for_one_sender_and_are_free_again_after_their_requests()
    {
        await using var host = await S3TestHost.StartAsync(
            postgres,
            settings: new Dictionary<string, string?>(s_settings)
            {
                ["Limits:MaxConcurrentUploads"] = "4",
                ["Limits:MaxShareOfOneSender"] = "50",
                ["Limits:BodyGrace"] = "00:01:00",
            });
        await host.CreateBucketAsync("first");
        var limits = host.Service<RequestLimits>();
        var held = new List<TcpClient> { await HoldAsync(host, "alice"), await HoldAsync(host, "alice") };
        await Until.TrueAsync("two places are taken", () => Task.FromResult(limits.Uploads.Taken == 2));

        using (var refused = await host.PutAsync("/first/a", "hello"u8.ToArray()))
        {
            await refused.AssertErrorAsync(503, "SlowDown");
            Assert.Equal("5", refused.Header("Retry-After"));
        }

        // Others have places still, and so have requests without a body.
        using (var other = await host.SendAsync(HttpMethod.Put, "/first/a", "hello"u8.ToArray(), "bob"))
        {
            await other.AssertErrorAsync(403, "AccessDenied");
        }

        using (var read = await host.GetAsync("/first"))
        {
            await read.AssertStatusAsync(200);
        }

        held.AddRange([await HoldAsync(host, "bob"), await HoldAsync(host, "bob")]);
        await Until.TrueAsync("all places are taken", () => Task.FromResult(limits.Uploads.Taken is 2 or 4));
        foreach (var client in held)
        {
            client.Dispose();
        }

        await Until.TrueAsync("no place is taken", () => Task.FromResult(limits.Uploads.Taken == 0));
        using var served = await host.PutAsync("/first/a", "hello"u8.ToArray());
        await served.AssertStatusAsync(200);
    }

    private static async Task<TcpClient> HoldAsync(S3TestHost host, string owner)
    {
        var client = await ConnectAsync(host);
        await client.GetStream().WriteAsync(Head(host, "/first/held", 1_000_000, owner));
        return client;
    }

    private static Task<string> AttackAsync(S3TestHost host, string target) =>
        SendSlowlyAsync(host, target, Declared, new byte[240 * 60], piece: 24, TimeSpan.FromMilliseconds(100));

    private static async Task<string> SendSlowlyAsync(
        S3TestHost host, string target, long declared, byte[] body, int piece, TimeSpan pause)
    {
        using var client = await ConnectAsync(host);
        var stream = client.GetStream();
        var response = ReadAllAsync(client);
        try
        {
            await stream.WriteAsync(Head(host, target, declared, S3TestHost.Owner));
            using var timer = new PeriodicTimer(pause);
            for (var sent = 0; sent < body.Length && !response.IsCompleted; sent += piece)
            {
                await stream.WriteAsync(body.AsMemory(sent, Math.Min(piece, body.Length - sent)));
                await timer.WaitForNextTickAsync();
            }
        }
        catch (IOException)
        {
            // The server has closed the connection.
        }

        return await response;
    }

    private static byte[] Head(S3TestHost host, string target, long length, string owner) => Encoding.ASCII.GetBytes(
        $"PUT {target} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{HeaderAuthenticator.OwnerHeader}: {owner}\r\n"
        + $"Connection: close\r\nContent-Length: {length}\r\n\r\n");

    private static async Task<TcpClient> ConnectAsync(S3TestHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        return client;
    }

    private static async Task<string> ReadAllAsync(TcpClient client)
    {
        using var response = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(response);
        }
        catch (IOException)
        {
            // The connection was reset after the bytes that were read.
        }

        return Encoding.Latin1.GetString(response.GetBuffer(), 0, (int)response.Length);
    }
}
