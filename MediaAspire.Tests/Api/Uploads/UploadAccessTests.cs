using System.Net.Http.Json;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>The senders of uploads: keys, their owners, signed addresses, and pages of other sites.</summary>
public sealed class UploadAccessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_hello = [.. "hello world"u8];

    [Fact]
    public async Task A_key_sees_the_uploads_of_its_owner_only_and_needs_the_scope_of_what_they_become()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var alice = await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        var bob = await api.CreateKeyAsync("bobkey", "bob", ApiScopeNames.Write);
        var images = await api.CreateKeyAsync("imagekey", null, ApiScopeNames.ImagesWrite);
        var reader = await api.CreateKeyAsync("readkey", null, ApiScopeNames.Read);
        using var created = await (await TusAsync(api, "POST", "/uploads", alice, ("Upload-Length", "11"))).ExpectAsync(201);
        var address = created.Header("Location")!;

        foreach (var method in new[] { "HEAD", "PATCH", "DELETE" })
        {
            var append = (("Upload-Offset", "0"), ("Content-Type", UploadApi.TusType));
            await (await TusAsync(api, method, address, null, append.Item1, append.Item2)).ExpectAsync(401);
            await (await TusAsync(api, method, address, reader, append.Item1, append.Item2)).ExpectAsync(403);
            await (await TusAsync(api, method, address, images, append.Item1, append.Item2)).ExpectAsync(403);
            await (await TusAsync(api, method, address, bob, append.Item1, append.Item2)).ExpectAsync(404);
        }

        await (await TusAsync(api, "HEAD", address, alice)).ExpectAsync(200);
        await (await TusAsync(api, "HEAD", address, TestApiKey.Text)).ExpectAsync(200);
        await (await TusAsync(api, "POST", "/uploads", images, ("Upload-Length", "1"))).ExpectAsync(403, "scope-missing");
        await (await TusAsync(api, "POST", "/uploads?target=image", images, ("Upload-Length", "1"))).ExpectAsync(201);
        await (await TusAsync(api, "POST", "/uploads?owner=bob", alice, ("Upload-Length", "1"))).ExpectAsync(403, "owner-forbidden");
        await (await TusAsync(api, "POST", "/uploads?owner=nobody", TestApiKey.Text, ("Upload-Length", "1")))
            .ExpectAsync(400, "owner-unknown");

        Assert.Equal([address[^32..]], await ListAsync(api, alice));
        Assert.Empty(await ListAsync(api, bob));
        Assert.Single(await ListAsync(api, images));
        Assert.Equal(2, (await ListAsync(api, TestApiKey.Text)).Count);
    }

    [Fact]
    public async Task The_list_has_pages()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var addresses = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            addresses.Insert(0, (await api.CreateAsync(1))[^32..]);
        }

        var found = new List<string>();
        string? after = null;
        do
        {
            using var page = await (await api.SendAsync(
                "GET", $"/uploads?limit=2{(after is null ? "" : $"&after={after}")}", TestApiKey.Text, null)).ExpectAsync(200);
            var json = await page.JsonAsync();
            found.AddRange(json.GetProperty("uploads").EnumerateArray().Select(upload => upload.GetProperty("id").GetString()!));
            after = json.GetProperty("next").GetString();
        }
        while (after is not null);

        Assert.Equal(addresses, found);
        foreach (var query in new[] { "limit=0", "limit=1001", "after=x", "after=99999999999999999999.x" })
        {
            await (await api.SendAsync("GET", $"/uploads?{query}", TestApiKey.Text, null)).ExpectAsync(400, "page-invalid");
        }
    }

    [Fact]
    public async Task A_signed_address_takes_one_upload_without_a_key_as_its_signer_allowed_it()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var alice = await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        using var signed = await (await SignAsync(api, alice, new { filename = "fixed.txt", contentType = "text/*", maxSize = 100 }))
            .ExpectAsync(200);
        Assert.Equal("no-store", signed.Header("Cache-Control"));
        var grant = await signed.JsonAsync();
        var (url, uploadUrl, id) = (
            grant.GetProperty("url").GetString()!, grant.GetProperty("uploadUrl").GetString()!, grant.GetProperty("uploadId").GetString()!);

        // What the signer fixed: the type, the size, and what becomes of the bytes.
        await (await TusAsync(api, "POST", url, null, ("Upload-Length", "11"))).ExpectAsync(403, "grant-forbids");
        (string, string) metadata =
            ("Upload-Metadata", "filetype dGV4dC9wbGFpbg==,filename b3duLnR4dA==,owner Ym9i,bucket ZmlsbXM=,key YQ==");
        await (await TusAsync(api, "POST", url, null, ("Upload-Length", "101"), metadata)).ExpectAsync(413, "upload-too-large");
        using var created = await (await TusAsync(api, "POST", url, null, ("Upload-Length", "11"), metadata)).ExpectAsync(201);
        Assert.Equal(uploadUrl, created.Header("Location"));

        // The response was lost: the same request finds the upload.
        using var again = await (await TusAsync(api, "POST", url, null, ("Upload-Length", "11"), metadata)).ExpectAsync(201);
        Assert.Equal(uploadUrl, again.Header("Location"));
        var session = Assert.Single(await api.Sessions.ListAsync(new("alice"), null, 10, CancellationToken.None));
        Assert.Equal((id, "fixed.txt"), (session.Id.ToString(), Assert.IsType<FileTarget>(session.Target).Filename));

        // Nothing but this upload.
        var other = await api.CreateAsync(1);
        await (await TusAsync(api, "HEAD", $"{other}?{uploadUrl.Split('?')[1]}", null)).ExpectAsync(404);
        await (await TusAsync(api, "HEAD", $"/uploads/{id}?grant=x", null)).ExpectAsync(403);
        await (await TusAsync(api, "HEAD", $"/uploads/{id}", null)).ExpectAsync(401);
        await (await api.SendAsync("GET", $"/uploads?{url.Split('?')[1]}", null, null)).ExpectAsync(403, "grant-forbids");
        await (await SignAsync(api, null, new { }, $"/uploads/sign?{url.Split('?')[1]}")).ExpectAsync(403, "grant-forbids");
        await (await TusAsync(api, "POST", url, null, ("Upload-Concat", $"final;{other}"))).ExpectAsync(403, "grant-forbids");

        using var head = await (await TusAsync(api, "HEAD", uploadUrl, null)).ExpectAsync(200);
        Assert.Equal("0", head.Header("Upload-Offset"));
        using var done = await (await api.SendAsync(
            "PATCH", uploadUrl, null, new ByteArrayContent(s_hello), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"),
            ("Content-Type", UploadApi.TusType))).ExpectAsync(204);
        Assert.Equal(s_hello, await api.DownloadAsync(done.Header("Upload-Result")));

        // A signer without its key gives no rights any more.
        await api.Service<ApiKeyStore>().DisableAsync("alicekey", CancellationToken.None);
        api.Service<ApiKeyCache>().Forget("alicekey");
        await (await TusAsync(api, "HEAD", uploadUrl, null)).ExpectAsync(403);
    }

    [Fact]
    public async Task A_signer_can_give_only_what_it_has()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var alice = await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        await api.CreateBucketAsync("alices", "alice");
        await api.CreateBucketAsync("bobs", "bob");

        await (await SignAsync(api, alice, new { target = "image" })).ExpectAsync(403, "scope-missing");
        await (await SignAsync(api, alice, new { owner = "bob" })).ExpectAsync(403, "owner-forbidden");
        await (await SignAsync(api, alice, new { bucket = "bobs", key = "a" })).ExpectAsync(404, "bucket-not-found");
        await (await SignAsync(api, alice, new { bucket = "nobodys", key = "a" })).ExpectAsync(404, "bucket-not-found");
        await (await SignAsync(api, alice, new { bucket = "alices" })).ExpectAsync(400, "upload-target-invalid");
        await (await SignAsync(api, alice, new { expiresIn = 0 })).ExpectAsync(400, "expiry-invalid");
        await (await SignAsync(api, alice, new { expiresIn = 1e9 })).ExpectAsync(400, "expiry-invalid");
        await (await SignAsync(api, alice, new { maxSize = -1 })).ExpectAsync(400, "upload-target-invalid");
        await (await SignAsync(api, alice, new { contentType = "*/*" })).ExpectAsync(400, "upload-target-invalid");
        await (await SignAsync(api, null, new { })).ExpectAsync(401);

        using var signed = await (await SignAsync(api, alice, new { bucket = "alices", key = "a/b c.txt" })).ExpectAsync(200);
        var url = (await signed.JsonAsync()).GetProperty("url").GetString()!;
        using var put = await (await api.SendAsync(
            "POST", url, null, new ByteArrayContent(s_hello), ("Upload-Complete", "?1"), ("Content-Type", "text/plain"))).ExpectAsync(201);
        Assert.Equal("/alices/a/b%20c.txt", put.Header("Upload-Result"));
    }

    [Fact]
    public async Task Pages_of_allowed_origins_may_upload_and_others_may_not()
    {
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Cors:Origins:0", "https://app.example.com"));
        (string, string) own = ("Origin", "https://app.example.com");
        (string, string) foreign = ("Origin", "https://evil.example.com");
        (string, string) crossSite = ("Sec-Fetch-Site", "cross-site");

        using var preflight = await (await api.SendAsync(
            "OPTIONS", "/uploads/x", null, null, own, ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "tus-resumable,upload-offset"))).ExpectAsync(204);
        Assert.Equal(own.Item2, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("PATCH", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("Upload-Offset", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("7200", preflight.Header("Access-Control-Max-Age"));
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));
        using var refusedPreflight = await (await api.SendAsync("OPTIONS", "/uploads", null, null, foreign)).ExpectAsync(204);
        Assert.Null(refusedPreflight.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", refusedPreflight.Header("Vary"));

        using var created = await (await TusAsync(api, "POST", "/uploads", TestApiKey.Text, ("Upload-Length", "1"), own, crossSite))
            .ExpectAsync(201);
        Assert.Contains("Location", created.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        using var unauthorized = await (await TusAsync(api, "POST", "/uploads", null, ("Upload-Length", "1"), own, crossSite))
            .ExpectAsync(401);
        Assert.Equal(own.Item2, unauthorized.Header("Access-Control-Allow-Origin"));
        await (await TusAsync(api, "POST", "/uploads", TestApiKey.Text, ("Upload-Length", "1"), foreign, crossSite))
            .ExpectAsync(403, "cross-site-request");

        // A method that is safe by itself does not smuggle another one past this rule.
        await (await TusAsync(
            api, "GET", created.Header("Location")!, TestApiKey.Text, ("X-HTTP-Method-Override", "DELETE"), foreign, crossSite))
            .ExpectAsync(403, "cross-site-request");
    }

    private static Task<HttpResponseMessage> TusAsync(
        UploadApi api, string method, string path, string? key, params (string, string)[] headers) =>
        api.SendAsync(method, path, key, null, [("Tus-Resumable", "1.0.0"), .. headers]);

    private static Task<HttpResponseMessage> SignAsync(UploadApi api, string? key, object request, string path = "/uploads/sign") =>
        api.SendAsync("POST", path, key, JsonContent.Create(request));

    private static async Task<IReadOnlyList<string>> ListAsync(UploadApi api, string key)
    {
        using var page = await (await api.SendAsync("GET", "/uploads", key, null)).ExpectAsync(200);
        var uploads = (await page.JsonAsync()).GetProperty("uploads");
        return [.. uploads.EnumerateArray().Select(upload => upload.GetProperty("id").GetString()!)];
    }
}
