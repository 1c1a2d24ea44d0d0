using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>Uploads by tus and by the IETF's protocol in turn, continued at the offset that the server tells.</summary>
internal sealed class ResumableKillDoor(KillableApi api, UploadKillCounts counts) : IKillDoor
{
    private static readonly (string, string) s_tus = ("Tus-Resumable", "1.0.0");

    public string Name => "resumable";

    public async Task<Func<Task<byte[]?>>> StoreAsync(byte[] bytes, Random random)
    {
        var address = await CreateAsync(bytes.Length, random);
        var (told, sent) = (0L, 0L);
        while (true)
        {
            var offset = await AskOffsetAsync(address, random);
            Assert.True(offset >= told && offset <= sent, $"{address}: {offset} was told after {told}, with {sent} bytes sent.");
            told = offset;
            if (offset == bytes.Length && await FindResultAsync(address, bytes) is { } result)
            {
                return () => ReadAsync(result);
            }

            (var advanced, sent) = await AppendAsync(address, bytes, offset, sent, random);
            told = advanced ?? told;
        }
    }

    private async Task<string> CreateAsync(int length, Random random)
    {
        (string, string)[] headers = random.Next(2) == 0
            ? [s_tus, ("Upload-Length", $"{length}")] : [("Upload-Complete", "?0"), ("Upload-Length", $"{length}")];
        var created = await api.AskAsync(HttpMethod.Post, "/uploads", headers);
        return created.Expect("creation", HttpStatusCode.Created).Headers["Location"];
    }

    private async Task<long> AskOffsetAsync(string address, Random random)
    {
        var answer = random.Next(2) == 0
            ? (await api.AskAsync(HttpMethod.Head, address, s_tus)).Expect($"HEAD {address}", HttpStatusCode.OK)
            : (await api.AskAsync(HttpMethod.Head, address)).Expect($"HEAD {address}", HttpStatusCode.NoContent);
        return long.Parse(answer.Headers["Upload-Offset"], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for what became of an upload that has all its bytes.</summary>
    /// <returns>The address; <see langword="null"/> while the server waits for the client to complete the upload.</returns>
    private async Task<string?> FindResultAsync(string address, byte[] bytes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var answer = (await api.AskAsync(HttpMethod.Get, address)).Expect($"GET {address}", HttpStatusCode.OK);
            var upload = JsonDocument.Parse(answer.Bytes).RootElement;
            switch (upload.GetProperty("state").GetString())
            {
                case "receiving":
                    return null;
                case "completed":
                    Assert.Equal(TestBytes.Sha256(bytes), upload.GetProperty("sha256").GetString());
                    return upload.GetProperty("result").GetProperty("address").GetString();
                case "completing":
                    Assert.True(await poll.WaitForNextTickAsync(limit.Token));
                    continue;
                default:
                    throw new CampaignViolationException($"{address} failed: {answer.Text}");
            }
        }
    }

    /// <summary>Sends some or all of the rest.</summary>
    /// <returns>The offset that the response has told, if there was one; and the most bytes that were sent of the upload.</returns>
    private async Task<(long? Told, long Sent)> AppendAsync(string address, byte[] bytes, long offset, long sent, Random random)
    {
        var rest = bytes.Length - (int)offset;
        var count = random.Next(3) == 0 ? random.Next(rest + 1) : rest;
        var isLast = count == rest;
        var byTus = random.Next(2) == 0;
        var sha256 = Convert.ToBase64String(SHA256.HashData(bytes.AsSpan((int)offset, count)));
        var isChecked = random.Next(4) == 0;
        using var body = new SlowBody(bytes, (int)offset, count, random.Next(SlowBody.MostPause));
        var answer = byTus
            ? await api.TryAsync(
                HttpMethod.Patch, address, body,
                [s_tus, ("Upload-Offset", $"{offset}"), ("Content-Type", "application/offset+octet-stream"),
                    .. isChecked ? [("Upload-Checksum", $"sha256 {sha256}")] : Array.Empty<(string, string)>()])
            : await api.TryAsync(
                HttpMethod.Patch, address, body,
                [("Upload-Offset", $"{offset}"), ("Content-Type", "application/partial-upload"), ("Upload-Complete", isLast ? "?1" : "?0"),
                    .. isChecked ? [("Content-Digest", $"sha-256=:{sha256}:")] : Array.Empty<(string, string)>()]);
        sent = Math.Max(sent, body.Sent);
        counts.Add(byTus ? "appends by tus" : "appends by draft");
        if (answer is null)
        {
            return (null, sent);
        }

        answer.Expect($"PATCH {address} at {offset}", HttpStatusCode.OK, HttpStatusCode.NoContent);
        Assert.Equal($"{offset + count}", answer.Headers["Upload-Offset"]);
        return (offset + count, sent);
    }

    private async Task<byte[]?> ReadAsync(string result) =>
        (await api.TryAsync(HttpMethod.Get, result, null))?.Expect($"GET {result}", HttpStatusCode.OK).Bytes;
}
