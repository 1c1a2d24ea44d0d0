using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>Connections that are cut at random bytes of random requests, by both protocols in turn on the same upload.</summary>
/// <remarks><c>MEDIAASPIRE_UPLOAD_CUTS=10000</c> makes 10,000 cuts; <c>MEDIAASPIRE_UPLOAD_SEED</c> repeats a run.</remarks>
public sealed class UploadCutTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int MaxSize = 400_000;

    [Fact]
    public async Task An_offset_that_was_told_never_decreases_and_the_bytes_are_right_in_the_end()
    {
        var cuts = Number("MEDIAASPIRE_UPLOAD_CUTS", 60);
        var seed = Number("MEDIAASPIRE_UPLOAD_SEED", Environment.TickCount);
        output.WriteLine($"MEDIAASPIRE_UPLOAD_CUTS={cuts} MEDIAASPIRE_UPLOAD_SEED={seed}");
        var random = new Random(seed);

        // Pieces of 64 KiB: many requests are cut between two of them.
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Sessions:PieceBytes", "65536"));
        var (done, uploads, backtracked) = (0, 0, 0L);
        while (done < cuts)
        {
            var bytes = TestBytes.Make(seed + uploads++, random.Next(1, MaxSize));
            var address = await api.CreateAsync(bytes.Length);
            var told = 0L;
            string? result = null;
            while (result is null)
            {
                var offset = await AskAsync(api, address, random.Next(2) == 0);
                Assert.InRange(offset, told, bytes.Length);
                told = offset;
                if (random.Next(3) == 0)
                {
                    result = await SendAsync(api, address, bytes, offset, random);
                }
                else
                {
                    backtracked += await CutAsync(api, address, bytes, offset, random);
                    done++;
                }

                if (result is null && await IsCompleteAsync(api, address))
                {
                    // All bytes had arrived before the cut.
                    result = await ResultAsync(api, address);
                }
            }

            Assert.Equal(bytes, await api.DownloadAsync(result));
        }

        output.WriteLine($"{done} cuts of {uploads} uploads, {backtracked} bytes sent in requests that were cut");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static async Task<long> AskAsync(UploadApi api, string address, bool byTus)
    {
        using var head = byTus ? await api.TusAsync("HEAD", address) : await api.DraftAsync("HEAD", address);
        await head.ExpectAsync(byTus ? 200 : 204);
        return long.Parse(head.Header("Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    private static async Task<bool> IsCompleteAsync(UploadApi api, string address)
    {
        using var head = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        return head.Header("Upload-Complete") == "?1";
    }

    private static async Task<string> ResultAsync(UploadApi api, string address)
    {
        Assert.True(UploadSessionId.TryParse(address[^32..], out var id));
        var session = await api.Sessions.WaitAsync(id, TimeSpan.FromSeconds(30), CancellationToken.None);
        return $"/files/{Assert.IsType<FileResult>(session!.Result).File}";
    }

    /// <summary>Sends some or all of the rest in a whole request.</summary>
    /// <returns>The result, when it was all; null also when the offset is another one by now.</returns>
    private static async Task<string?> SendAsync(UploadApi api, string address, byte[] bytes, long offset, Random random)
    {
        var from = (int)offset;
        var count = random.Next(2) == 0 ? bytes.Length - from : random.Next(0, bytes.Length - from + 1);
        var isLast = from + count == bytes.Length;
        using var response = random.Next(2) == 0
            ? await api.TusAsync("PATCH", address, bytes[from..(from + count)], ("Upload-Offset", $"{offset}"))
            : await api.DraftAsync(
                "PATCH", address, bytes[from..(from + count)], ("Upload-Offset", $"{offset}"), ("Content-Type", UploadApi.DraftType),
                ("Upload-Complete", isLast ? "?1" : "?0"));
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            // A request that was cut had not begun when the offset was asked for.
            Assert.True(long.Parse(response.Header("Upload-Offset")!, CultureInfo.InvariantCulture) >= offset);
            return null;
        }

        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        Assert.Equal($"{from + count}", response.Header("Upload-Offset"));
        return isLast ? response.Header("Upload-Result") : null;
    }

    /// <summary>Sends a request and cuts its connection at a random byte, by its end or by a reset.</summary>
    /// <returns>The bytes of the body that were sent.</returns>
    private static async Task<int> CutAsync(UploadApi api, string address, byte[] bytes, long offset, Random random)
    {
        var rest = bytes.AsMemory((int)offset);
        var protocol = random.Next(2) == 0
            ? $"Tus-Resumable: 1.0.0\r\nContent-Type: {UploadApi.TusType}"
            : $"Upload-Complete: ?1\r\nContent-Type: {UploadApi.DraftType}";
        var head = Encoding.ASCII.GetBytes(
            $"PATCH {address} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nX-Api-Key: {TestApiKey.Text}\r\n{protocol}\r\n"
            + $"Upload-Offset: {offset}\r\nContent-Length: {rest.Length}\r\n\r\n");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Address.Host, api.Address.Port);
        await socket.SendAsync(head);
        var count = random.Next(0, rest.Length + 1);
        await socket.SendAsync(rest[..count]);
        socket.LingerState = new LingerOption(random.Next(2) == 0, 0);
        return count;
    }
}
