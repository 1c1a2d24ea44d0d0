using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Api.S3;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>Uploads in parts, which are sent to signed addresses in any order.</summary>
public sealed class UploadPartTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int PartSize = 64 << 10;

    private static readonly byte[] s_bytes = Bodies.Random((2 * PartSize) + 100);

    [Fact]
    public async Task Parts_that_arrive_in_any_order_without_a_key_become_the_file()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var upload = await CreateAsync(api, TestApiKey.Text, new { filename = "film.bin", contentType = "video/mp4" });
        Assert.Equal([(1, 0, PartSize), (2, PartSize, PartSize), (3, 2 * PartSize, 100)], upload.Parts.Select(
            part => (part.Number, part.Offset, part.Size)));

        await (await PutAsync(api, upload.Parts[2])).ExpectAsync(204);
        using var early = await (await api.SendAsync("POST", upload.CompleteUrl, null, null)).ExpectAsync(409, "upload-parts-missing");
        Assert.Equal([1, 2], (await early.JsonAsync()).GetProperty("missing").EnumerateArray().Select(number => number.GetInt32()));

        // A part that is sent again replaces the one before, as a client does that has lost the response.
        await (await PutAsync(api, upload.Parts[0], new byte[PartSize])).ExpectAsync(204);
        await (await PutAsync(api, upload.Parts[0])).ExpectAsync(204);
        using var progress = await (await api.SendAsync("GET", "/uploads", TestApiKey.Text, null)).ExpectAsync(200);
        var shown = Assert.Single((await progress.JsonAsync()).GetProperty("uploads").EnumerateArray());
        Assert.Equal(
            ("parts", PartSize + 100, s_bytes.Length, 2),
            (shown.GetProperty("form").GetString(), shown.GetProperty("offset").GetInt64(), shown.GetProperty("length").GetInt64(),
                shown.GetProperty("storedParts").GetInt32()));

        // The addresses of what is missing, by the key.
        using var signed = await (await api.SendAsync(
            "POST", $"/uploads/{upload.Id}/parts", TestApiKey.Text, JsonContent.Create(new { }))).ExpectAsync(200);
        var again = Read(await signed.JsonAsync());
        Assert.Equal(2, Assert.Single(again.Parts).Number);
        await (await PutAsync(api, again.Parts[0])).ExpectAsync(204);

        using var done = await (await api.SendAsync("POST", upload.CompleteUrl, null, null)).ExpectAsync(200);
        Assert.Equal(s_bytes, await api.DownloadAsync(done.Header("Upload-Result")));
        using var repeated = await (await api.SendAsync("POST", upload.CompleteUrl, null, null)).ExpectAsync(200);
        Assert.Equal(done.Header("Upload-Result"), repeated.Header("Upload-Result"));
        await (await PutAsync(api, upload.Parts[0])).ExpectAsync(409, "upload-completed");
        Assert.Equal(1, await api.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task An_address_takes_its_part_with_its_length_and_nothing_else()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var alice = await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        var upload = await CreateAsync(api, alice, new { filename = "film.bin" });
        var part = upload.Parts[0];
        var grant = part.Url.Split('?')[1];

        await (await PutAsync(api, part, new byte[PartSize - 1])).ExpectAsync(400, "upload-part-length");
        await (await PutAsync(api, part, new byte[PartSize + 1])).ExpectAsync(400, "upload-part-length");
        await (await PutAsync(api, part, chunked: true)).ExpectAsync(411, "upload-part-length");
        await (await PutAsync(api, part with { Url = $"/uploads/{upload.Id}/parts/2?{grant}" })).ExpectAsync(403, "grant-forbids");
        await (await api.SendAsync("POST", $"/uploads/{upload.Id}/complete?{grant}", null, null)).ExpectAsync(403, "grant-forbids");
        foreach (var method in new[] { "GET", "DELETE", "PATCH" })
        {
            await (await api.SendAsync(method, $"/uploads/{upload.Id}?{grant}", null, null, ("Upload-Complete", "?0")))
                .ExpectAsync(403);
        }

        await (await api.SendAsync("POST", $"/uploads?{grant}", null, null, ("Upload-Complete", "?0"))).ExpectAsync(403, "grant-forbids");
        await (await api.SendAsync("POST", $"/uploads/{upload.Id}/parts?{grant}", null, null)).ExpectAsync(403, "grant-forbids");
        var forged = part.Url[..^9] + (part.Url[^9] == 'A' ? 'B' : 'A') + part.Url[^8..];
        await (await PutAsync(api, part with { Url = forged })).ExpectAsync(403, "grant-invalid");
        await (await PutAsync(api, part with { Url = part.Url.Split('?')[0] })).ExpectAsync(401);
        await (await api.SendAsync(
            "PUT", part.Url, null, new ByteArrayContent(s_bytes[..PartSize]),
            ("Content-Digest", $"sha-256=:{Convert.ToBase64String(new byte[32])}:"))).ExpectAsync(460, "checksum-mismatch");
        Assert.Equal(0, await api.CountAsync("SELECT count(*) FROM upload_pieces"));

        // The key, and the other protocols on the same address.
        await (await api.SendAsync("PUT", $"/uploads/{upload.Id}/parts/4", alice, new ByteArrayContent([1])))
            .ExpectAsync(404, "upload-part-not-found");
        await (await api.TusAsync("HEAD", $"/uploads/{upload.Id}")).ExpectAsync(409);
        await (await api.TusAsync("PATCH", $"/uploads/{upload.Id}", [1], ("Upload-Offset", "0"))).ExpectAsync(409, "upload-in-parts");
        var ordinary = await api.CreateAsync(5);
        await (await api.SendAsync("PUT", $"{ordinary}/parts/1", TestApiKey.Text, new ByteArrayContent([1, 2, 3, 4, 5])))
            .ExpectAsync(409, "upload-not-in-parts");
        await (await api.SendAsync("POST", $"{ordinary}/complete", TestApiKey.Text, null)).ExpectAsync(409, "upload-not-in-parts");

        await api.Service<ApiKeyStore>().DisableAsync("alicekey", CancellationToken.None);
        api.Service<ApiKeyCache>().Forget("alicekey");
        await (await PutAsync(api, part)).ExpectAsync(403, "grant-invalid");
    }

    [Fact]
    public async Task An_expired_address_takes_nothing_and_impossible_parts_are_refused()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var upload = await CreateAsync(api, TestApiKey.Text, new { filename = "film.bin" }, expiresIn: 1);
        await Until.TrueAsync("the address has expired", async () =>
        {
            using var refused = await PutAsync(api, upload.Parts[2]);
            return (int)refused.StatusCode == 403;
        });
        await (await PutAsync(api, upload.Parts[0])).ExpectAsync(403, "grant-expired");

        object[] impossible = [new { size = 0 }, new { size = 1L << 40, partSize = 1 << 20 }, new { size = 10, partSize = 1 }];
        foreach (var body in impossible)
        {
            await (await api.SendAsync("POST", "/uploads/parts", TestApiKey.Text, JsonContent.Create(body)))
                .ExpectAsync(400, "upload-part-size-invalid");
        }

        await (await api.SendAsync("POST", "/uploads/parts", TestApiKey.Text, JsonContent.Create(new { size = 1, expiresIn = 0 })))
            .ExpectAsync(400, "expiry-invalid");
        await (await api.SendAsync("POST", "/uploads/parts", null, JsonContent.Create(new { size = 1 }))).ExpectAsync(401);
        await (await api.SendAsync("DELETE", $"/uploads/{upload.Id}", TestApiKey.Text, null)).ExpectAsync(204);
        Assert.Equal(0, await api.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
    }

    [Fact]
    public async Task Parts_of_an_object_tell_their_hash_and_make_its_entity_tag()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        await api.CreateBucketAsync("films", "alice");
        var upload = await CreateAsync(api, TestApiKey.Text, new { bucket = "films", key = "a.bin" });
        foreach (var part in upload.Parts.Reverse())
        {
            using var put = await (await PutAsync(api, part)).ExpectAsync(204);
            Assert.Equal($"\"{Md5(part)}\"", put.Header("ETag"));
        }

        using var done = await (await api.SendAsync("POST", upload.CompleteUrl, null, null)).ExpectAsync(200);

        Assert.Equal("/films/a.bin", done.Header("Upload-Result"));
        var etag = Convert.ToHexStringLower(Bodies.Md5Of(Convert.FromHexString(string.Concat(upload.Parts.Select(Md5))))) + "-3";
        Assert.Equal(
            1, await api.CountAsync($"SELECT count(*) FROM objects WHERE size = {s_bytes.Length} AND etag = '{etag}'"));

        static string Md5(Part part) => Convert.ToHexStringLower(Bodies.Md5Of(s_bytes.AsSpan(part.Offset, part.Size)));
    }

    private static async Task<Upload> CreateAsync(UploadApi api, string key, object fields, int expiresIn = 600)
    {
        using var created = await (await api.SendAsync(
            "POST", "/uploads/parts", key,
            JsonContent.Create(new { fields, size = s_bytes.Length, partSize = PartSize, expiresIn }))).ExpectAsync(201);
        var upload = Read(await created.JsonAsync());
        Assert.Equal($"/uploads/{upload.Id}", created.Header("Location"));
        return upload;
    }

    private static async Task<HttpResponseMessage> PutAsync(UploadApi api, Part part, byte[]? bytes = null, bool chunked = false)
    {
        bytes ??= s_bytes[part.Offset..(part.Offset + part.Size)];
        using var body = chunked ? new StreamContent(new UnknownLength(bytes)) : (HttpContent)new ByteArrayContent(bytes);
        return await api.SendAsync("PUT", part.Url, null, body);
    }

    private static Upload Read(JsonElement json) => new(
        json.GetProperty("upload").GetProperty("id").GetString()!,
        json.GetProperty("completeUrl").GetString()!,
        [.. json.GetProperty("parts").EnumerateArray().Select(part => new Part(
            part.GetProperty("number").GetInt32(), part.GetProperty("offset").GetInt32(), part.GetProperty("size").GetInt32(),
            part.GetProperty("url").GetString()!))]);

    private sealed record Upload(string Id, string CompleteUrl, IReadOnlyList<Part> Parts);

    private sealed record Part(int Number, int Offset, int Size, string Url);

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
