using System.Net;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>Files in one request, repeated until it is acknowledged.</summary>
internal sealed class PlainKillDoor(KillableApi api) : IKillDoor
{
    public string Name => "plain";

    public async Task<Func<Task<byte[]?>>> StoreAsync(byte[] bytes, Random random)
    {
        var pause = random.Next(SlowBody.MostPause);
        var stored = await KillableApi.RepeatAsync("PUT /files", async () =>
        {
            using var body = new SlowBody(bytes, 0, bytes.Length, pause);
            return await api.TryAsync(HttpMethod.Put, "/files?filename=killed", body);
        });
        var file = JsonDocument.Parse(stored.Expect("PUT /files", HttpStatusCode.Created).Bytes).RootElement;
        Assert.Equal(TestBytes.Sha256(bytes), file.GetProperty("sha256").GetString());
        var address = $"/files/{file.GetProperty("fileId").GetString()}";
        return async () => (await api.TryAsync(HttpMethod.Get, address, null))?.Expect($"GET {address}", HttpStatusCode.OK).Bytes;
    }
}
