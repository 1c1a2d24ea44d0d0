using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>Uploads by tus and the IETF's protocol that become media items, or parts of them.</summary>
public sealed class UploadMediaDoorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_hello = [.. "hello world"u8];
    private static readonly string[] s_tags = ["web"];

    [Fact]
    public async Task An_upload_that_begins_by_tus_and_ends_by_the_draft_creates_an_item_which_waits_for_its_processing()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var alice = await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.MediaWrite);

        using var created = await (await TusAsync(
            api, "POST", "/uploads", alice, ("Upload-Length", "11"),
            Metadata(
                ("target", "media"), ("name", "Sunset"), ("type", "image/png"), ("tags", "sea, evening"), ("alias", "sunset"),
                ("access", "public")))).ExpectAsync(201);
        var address = created.Header("Location")!;
        await (await api.SendAsync(
            "PATCH", address, alice, new ByteArrayContent(s_hello[..5]), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"),
            ("Content-Type", UploadApi.TusType))).ExpectAsync(204);
        using var done = await (await api.SendAsync(
            "PATCH", address, alice, new ByteArrayContent(s_hello[5..]), ("Upload-Offset", "5"), ("Upload-Complete", "?1"),
            ("Content-Type", UploadApi.DraftType))).ExpectAsync(200);

        var item = await FindAsync(api, done.Header("Upload-Result"));
        Assert.Equal(
            ("alice", "Sunset", "sunset", MediaStatus.Uploaded, true),
            (item.Owner.Value, item.Name, item.Alias?.Value, item.Status, item.IsPublic));
        Assert.Equal(["evening", "sea"], item.Tags.Order());
        var part = Assert.Single(item.Parts);
        Assert.Equal(("image/png", 11L, MediaPartState.Stored), (part.ContentType, part.Size, part.State));
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(s_hello))}", $"{part.Sha256}");
        Assert.Equal(s_hello, ((FakeObjectStore)api.Service<IObjectStore>()).ContentOf(part.ObjectKey));
        await api.WaitForAsync("SELECT count(*) FROM jobs WHERE kind = 'process-media'", 1);

        // The bytes are in the object store only.
        Assert.Equal(0, await api.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'completed'"));
        using var state = await (await api.SendAsync("GET", address, alice, null)).ExpectAsync(200);
        var json = await state.JsonAsync();
        Assert.Equal("media", json.GetProperty("target").GetString());
        Assert.Equal($"/media/{item.Id}", json.GetProperty("result").GetProperty("address").GetString());
    }

    [Fact]
    public async Task An_upload_that_names_an_item_becomes_its_part_and_the_last_part_finishes_the_item()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var item = await CreateItemAsync(api, "hello world");
        (string, string) Of(string sha) => Metadata(("media", $"{item.Id}"), ("part", "1"), ("sha256", sha));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(s_hello));

        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Length", "10"), Of(sha256))).ExpectAsync(400, "upload-target-invalid");
        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Length", "11"), Of(new('a', 64))))
            .ExpectAsync(400, "upload-target-invalid");
        await (await api.TusAsync("POST", "/uploads?part=2", null, ("Upload-Length", "11"), Of(sha256))).ExpectAsync(404, "part-not-found");
        var address = await api.CreateAsync(11, Of(sha256));
        using var done = await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"))).ExpectAsync(204);

        Assert.Equal($"/media/{item.Id}", done.Header("Upload-Result"));
        Assert.Equal(MediaStatus.Uploaded, (await FindAsync(api, done.Header("Upload-Result"))).Status);
        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Length", "11"), Of(sha256))).ExpectAsync(409, "media-uploaded");
    }

    [Fact]
    public async Task Bytes_with_another_hash_than_the_declared_one_fail_the_upload_and_the_item_waits()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var item = await CreateItemAsync(api, "hello world");
        var address = await api.CreateAsync(11, Metadata(("media", $"{item.Id}")));

        await (await api.TusAsync("PATCH", address, [.. "HELLO world"u8], ("Upload-Offset", "0")))
            .ExpectAsync(422, "upload-sha256-mismatch");

        Assert.Equal(MediaStatus.Pending, (await FindAsync(api, $"/media/{item.Id}")).Status);
    }

    [Fact]
    public async Task Senders_need_the_scope_of_media_and_the_owner_of_the_item()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var item = await CreateItemAsync(api, "hello world");
        var bob = await api.CreateKeyAsync("bobkey", "bob", ApiScopeNames.MediaWrite);
        var files = await api.CreateKeyAsync("filekey", null, ApiScopeNames.FilesWrite);
        (string, string) length = ("Upload-Length", "11");

        await (await TusAsync(api, "POST", $"/uploads?media={item.Id}", bob, length)).ExpectAsync(403, "owner-forbidden");
        await (await TusAsync(api, "POST", $"/uploads?media={item.Id}", files, length)).ExpectAsync(403, "scope-missing");
        await (await TusAsync(api, "POST", "/uploads?target=media&owner=x", files, length)).ExpectAsync(403, "scope-missing");
        await (await TusAsync(api, "POST", "/uploads?target=media&owner=alice", bob, length)).ExpectAsync(403, "owner-forbidden");
        await (await TusAsync(api, "POST", $"/uploads?media={Guid.CreateVersion7()}", bob, length)).ExpectAsync(404, "media-not-found");
        await (await TusAsync(api, "POST", "/uploads?media=x", bob, length)).ExpectAsync(400, "media-id-invalid");
        await (await api.TusAsync("POST", "/uploads?target=media", null, length)).ExpectAsync(400, "media-owner-required");
        await (await api.TusAsync("POST", "/uploads?target=media&owner=a&kind=video&access=all", null, length))
            .ExpectAsync(400, "field-invalid");
        await (await TusAsync(api, "POST", "/uploads?target=media&owner=bob", bob, length)).ExpectAsync(201);
    }

    [Fact]
    public async Task A_signed_address_fixes_the_item_and_its_access()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        using var signed = await (await api.SendAsync(
            "POST", "/uploads/sign", TestApiKey.Text,
            JsonContent.Create(new { target = "media", owner = "alice", alias = "mine", tags = s_tags }))).ExpectAsync(200);
        var url = (await signed.JsonAsync()).GetProperty("url").GetString()!;

        using var put = await (await api.SendAsync(
            "POST", url + "&access=public&alias=other", null, new ByteArrayContent(s_hello), ("Upload-Complete", "?1"),
            ("Content-Type", "text/plain"), ("Content-Disposition", "attachment; filename=a.txt"))).ExpectAsync(201);

        var item = await FindAsync(api, put.Header("Upload-Result"));
        Assert.Equal(("alice", "mine", false, "a.txt"), (item.Owner.Value, item.Alias?.Value, item.IsPublic, item.Name));
        Assert.Equal("web", Assert.Single(item.Tags));
        await (await api.TusAsync("POST", "/uploads?target=media&owner=alice&alias=mine", null, ("Upload-Length", "1")))
            .ExpectAsync(409, "media-alias-taken");
    }

    [Fact]
    public async Task The_bytes_count_once_to_the_quota_from_the_creation_of_the_upload()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        await api.Service<OwnerStore>().EnsureAsync(new("alice"), "alice", CancellationToken.None);
        await postgres.ExecuteAsync("SELECT set_quota(gen_random_uuid(), NULL, 'alice', 11, NULL)");
        await postgres.ExecuteAsync("UPDATE quotas SET is_counting = false");

        var address = await api.CreateAsync(11, Metadata(("target", "media"), ("owner", "alice")));
        await (await api.TusAsync("POST", "/uploads?target=media&owner=alice", null, ("Upload-Length", "1")))
            .ExpectAsync(507, "quota-exceeded");
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"))).ExpectAsync(204);

        Assert.Equal(11, await api.CountAsync("SELECT used_bytes FROM quotas WHERE owner_id = 'alice'"));
    }

    private static Task<HttpResponseMessage> TusAsync(
        UploadApi api, string method, string path, string? key, params (string, string)[] headers) =>
        api.SendAsync(method, path, key, null, [("Tus-Resumable", "1.0.0"), .. headers]);

    private static (string, string) Metadata(params (string Name, string Value)[] fields) => (
        "Upload-Metadata",
        string.Join(',', fields.Select(field => $"{field.Name} {Convert.ToBase64String(Encoding.UTF8.GetBytes(field.Value))}")));

    private static async Task<MediaItem> FindAsync(UploadApi api, string? address)
    {
        Assert.StartsWith("/media/", address, StringComparison.Ordinal);
        Assert.True(MediaId.TryParse(address!["/media/".Length..], out var id));
        return (await api.Service<IMediaStore>().FindAsync(id, CancellationToken.None))!;
    }

    private static async Task<MediaItem> CreateItemAsync(UploadApi api, string content) => Assert.IsType<CreateResult.Created>(
        await api.Service<CreateMedia>().CreateAsync(
            new MediaOwner("alice"), UploadWorld.Parse(UploadWorld.Input(content)), CancellationToken.None)).Item;
}
