using System.Security.Cryptography;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>The IETF's "Resumable Uploads for HTTP" over HTTP, each rule of its draft -15 for servers.</summary>
public sealed class DraftTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Problems = "https://iana.org/assignments/http-problem-types#";

    private static readonly byte[] s_hello = [.. "hello world"u8];

    [Fact]
    public async Task A_careful_creation_and_appends_become_a_file()
    {
        await using var api = await UploadApi.StartAsync(postgres);

        using var created = await (await api.DraftAsync(
            "POST", "/uploads", [], ("Upload-Complete", "?0"), ("Upload-Length", "11"), ("Content-Type", "text/plain"),
            ("Content-Disposition", "inline; filename=\"plain.txt\"; filename*=UTF-8''%C3%BCber.txt"))).ExpectAsync(201);
        Assert.Equal(("?0", "0"), (created.Header("Upload-Complete"), created.Header("Upload-Offset")));
        Assert.Matches("^max-size=[0-9]+, max-age=[0-9]+$", created.Header("Upload-Limit"));
        var address = created.Header("Location")!;

        using var empty = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal(("0", "?0", "11", "no-store"), (
            empty.Header("Upload-Offset"), empty.Header("Upload-Complete"), empty.Header("Upload-Length"), empty.Header("Cache-Control")));
        Assert.Matches("^max-size=[0-9]+, max-age=[0-9]+$", empty.Header("Upload-Limit"));

        using var first = await (await AppendAsync(api, address, 0, "?0", s_hello[..5])).ExpectAsync(204);
        Assert.Equal(("?0", "5"), (first.Header("Upload-Complete"), first.Header("Upload-Offset")));
        using var last = await (await AppendAsync(api, address, 5, "?1", s_hello[5..])).ExpectAsync(200);
        Assert.Equal(("?1", "11"), (last.Header("Upload-Complete"), last.Header("Upload-Offset")));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(s_hello))}:", last.Header("Repr-Digest"));
        var upload = await last.JsonAsync();
        Assert.Equal("über.txt", upload.GetProperty("fields").GetProperty("filename").GetString());
        Assert.Equal("text/plain", upload.GetProperty("fields").GetProperty("contentType").GetString());
        Assert.Equal(s_hello, await api.DownloadAsync(upload.GetProperty("result").GetProperty("address").GetString()));

        using var done = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal(("11", "?1", "11"), (
            done.Header("Upload-Offset"), done.Header("Upload-Complete"), done.Header("Upload-Length")));

        // The response was lost: the client asks again with nothing to send.
        using var again = await (await AppendAsync(api, address, 11, "?1", [])).ExpectAsync(200);
        Assert.Equal("?1", again.Header("Upload-Complete"));
        using var tooLate = await (await AppendAsync(api, address, 11, "?0", s_hello)).ExpectAsync(409, "upload-completed");
        Assert.Equal("?0", tooLate.Header("Upload-Complete"));
    }

    [Fact]
    public async Task A_whole_upload_in_one_request_answers_with_what_became_of_it()
    {
        await using var api = await UploadApi.StartAsync(postgres);

        using var whole = await (await api.DraftAsync(
            "POST", "/uploads?filename=a.txt&contentType=text/x-own", s_hello, ("Upload-Complete", "?1"), ("Upload-Length", "11")))
            .ExpectAsync(201);
        Assert.Equal(("?1", "11"), (whole.Header("Upload-Complete"), whole.Header("Upload-Offset")));
        Assert.Equal(s_hello, await api.DownloadAsync(whole.Header("Upload-Result")));
        Assert.Equal("text/x-own", (await whole.JsonAsync()).GetProperty("fields").GetProperty("contentType").GetString());

        using var nothing = await (await api.DraftAsync("POST", "/uploads", [], ("Upload-Complete", "?1"))).ExpectAsync(201);
        Assert.Empty(await api.DownloadAsync(nothing.Header("Upload-Result")));
    }

    [Fact]
    public async Task The_length_is_unknown_until_the_client_completes_the_upload()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await CreateAsync(api);

        using var unknown = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Null(unknown.Header("Upload-Length"));
        await (await AppendAsync(api, address, 0, "?0", s_hello[..5])).ExpectAsync(204);
        await (await AppendAsync(api, address, 5, "?0", s_hello[5..])).ExpectAsync(204);

        // "the request has no content. Once the request is processed by the server, the upload is complete."
        using var completed = await (await AppendAsync(api, address, 11, "?1", [])).ExpectAsync(200);
        Assert.Equal(s_hello, await api.DownloadAsync(completed.Header("Upload-Result")));
        using var known = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal("11", known.Header("Upload-Length"));
    }

    [Fact]
    public async Task An_upload_that_has_its_length_is_complete_only_when_the_client_says_so()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await CreateAsync(api, ("Upload-Length", "11"));

        using var all = await (await AppendAsync(api, address, 0, "?0", s_hello)).ExpectAsync(204);
        Assert.Equal("?0", all.Header("Upload-Complete"));
        using var head = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal(("11", "?0"), (head.Header("Upload-Offset"), head.Header("Upload-Complete")));
        using var completed = await (await AppendAsync(api, address, 11, "?1", [])).ExpectAsync(200);
        Assert.Equal(s_hello, await api.DownloadAsync(completed.Header("Upload-Result")));

        // By tus, the last byte completes it, and so does a request without bytes.
        var other = await CreateAsync(api, ("Upload-Length", "11"));
        await (await AppendAsync(api, other, 0, "?0", s_hello)).ExpectAsync(204);
        using var byTus = await (await api.TusAsync("PATCH", other, [], ("Upload-Offset", "11"))).ExpectAsync(204);
        Assert.Equal(s_hello, await api.DownloadAsync(byTus.Header("Upload-Result")));
    }

    [Fact]
    public async Task Requests_that_break_the_protocol_are_refused_and_say_that_the_upload_is_not_complete()
    {
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Sessions:MaxLength", "100"));
        var address = await CreateAsync(api, ("Upload-Length", "11"));

        using var mismatch = await (await AppendAsync(api, address, 5, "?0", s_hello)).ExpectAsync(409, "upload-offset-mismatch");
        Assert.Equal(("0", "?0"), (mismatch.Header("Upload-Offset"), mismatch.Header("Upload-Complete")));
        var problem = await mismatch.JsonAsync();
        Assert.Equal(
            (Problems + "mismatching-upload-offset", 0, 5),
            (problem.GetProperty("type").GetString(), problem.GetProperty("expected-offset").GetInt64(),
                problem.GetProperty("provided-offset").GetInt64()));

        (string Offset, string Complete, string Type, int Status, string Code)[] appends =
        [
            ("abc", "?0", UploadApi.DraftType, 400, "upload-header-invalid"),
            ("-1", "?0", UploadApi.DraftType, 400, "upload-header-invalid"),
            ("0", "true", UploadApi.DraftType, 400, "upload-header-invalid"),
            ("0", "1", UploadApi.DraftType, 400, "upload-header-invalid"),
            ("0", "?0", "text/plain", 415, "media-type-unsupported"),
        ];
        foreach (var (offset, complete, type, status, code) in appends)
        {
            using var refused = await (await api.DraftAsync(
                "PATCH", address, s_hello, ("Upload-Offset", offset), ("Upload-Complete", complete), ("Content-Type", type)))
                .ExpectAsync(status, code);
            Assert.Equal("?0", refused.Header("Upload-Complete"));
        }

        await (await api.DraftAsync("PATCH", address, s_hello, ("Upload-Complete", "?0"), ("Content-Type", UploadApi.DraftType)))
            .ExpectAsync(400, "upload-header-invalid");
        await (await api.DraftAsync("PATCH", address, s_hello, ("Upload-Offset", "0"), ("Content-Type", UploadApi.DraftType)))
            .ExpectAsync(400, "upload-header-invalid");
        foreach (var header in new[] { ("Upload-Offset", "0"), ("Upload-Complete", "?0") })
        {
            using var head = await api.DraftAsync("HEAD", address, null, header);
            Assert.Equal(400, (int)head.StatusCode);
        }

        // An ignored header makes it a request of no protocol.
        await (await api.DraftAsync("POST", "/uploads", s_hello, ("Upload-Complete", "true"), ("Upload-Length", "10")))
            .ExpectAsync(400, "upload-protocol-missing");

        (string, string)[][] inconsistent =
        [
            [("Upload-Complete", "?1"), ("Upload-Length", "100")],
            [("Upload-Complete", "?0"), ("Upload-Length", "10")],
        ];
        foreach (var headers in inconsistent)
        {
            using var refused = await (await api.DraftAsync("POST", "/uploads", s_hello, headers))
                .ExpectAsync(400, "upload-length-inconsistent");
            Assert.Equal(Problems + "inconsistent-upload-length", (await refused.JsonAsync()).GetProperty("type").GetString());
            Assert.Equal("?0", refused.Header("Upload-Complete"));
        }

        await (await AppendAsync(api, address, 0, "?0", s_hello, ("Upload-Length", "12"))).ExpectAsync(400, "upload-length-inconsistent");
        await (await AppendAsync(api, address, 0, "?1", s_hello[..5])).ExpectAsync(400, "upload-length-inconsistent");
        using var kept = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal("0", kept.Header("Upload-Offset"));
    }

    [Theory]
    [InlineData("?0", 101, 0, false)]
    [InlineData("?1", 101, 1, false)]
    [InlineData("?1", null, 101, false)]
    [InlineData("?1", null, 101, true)]
    [InlineData("?0", null, 101, true)]
    public async Task A_creation_that_is_too_large_is_refused_with_the_limit(string complete, int? length, int size, bool isChunked)
    {
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Sessions:MaxLength", "100"));
        (string, string)[] told = length is { } known ? [("Upload-Length", $"{known}")] : [];
        (string, string)[] framing = isChunked ? [("Transfer-Encoding", "chunked")] : [];

        using var refused = await (await api.DraftAsync(
            "POST", "/uploads", new byte[size], [("Upload-Complete", complete), .. told, .. framing])).ExpectAsync(413, "upload-too-large");

        Assert.Equal("?0", refused.Header("Upload-Complete"));
        Assert.Matches("^max-size=100(, max-age=[0-9]+)?$", refused.Header("Upload-Limit"));
        await api.WaitForAsync("SELECT count(*) FROM uploads", 0);
    }

    [Fact]
    public async Task More_bytes_than_the_length_invalidate_the_upload()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await CreateAsync(api, ("Upload-Length", "10"));
        await (await AppendAsync(api, address, 0, "?0", s_hello[..10])).ExpectAsync(204);

        using var refused = await (await AppendAsync(api, address, 10, "?0", s_hello[10..])).ExpectAsync(409, "upload-length-exceeded");

        Assert.Equal("?0", refused.Header("Upload-Complete"));
        await (await api.DraftAsync("HEAD", address)).ExpectAsync(404);
        await (await AppendAsync(api, address, 0, "?0", s_hello[..10])).ExpectAsync(404, "upload-not-found");
    }

    [Fact]
    public async Task Digests_of_the_content_and_of_the_whole_are_verified()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var right = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(s_hello))}:";
        var wrong = $"sha-256=:{Convert.ToBase64String(new byte[32])}:, sha-999=:AA==:";
        var sha512 = $"sha-512=:{Convert.ToBase64String(SHA512.HashData(s_hello))}:";

        await (await api.DraftAsync("POST", "/uploads", s_hello, ("Upload-Complete", "?1"), ("Content-Digest", $"{right}, {sha512}")))
            .ExpectAsync(201);
        await (await api.DraftAsync("POST", "/uploads", s_hello, ("Upload-Complete", "?1"), ("Content-Digest", wrong)))
            .ExpectAsync(400, "checksum-mismatch");
        await (await api.DraftAsync("POST", "/uploads", s_hello, ("Upload-Complete", "?1"), ("Content-Digest", "sha-256=1")))
            .ExpectAsync(400, "upload-header-invalid");
        var address = await CreateAsync(api, ("Repr-Digest", wrong));
        await (await AppendAsync(api, address, 0, "?0", s_hello, ("Content-Digest", wrong))).ExpectAsync(400, "checksum-mismatch");
        using var discarded = await (await api.DraftAsync("HEAD", address)).ExpectAsync(204);
        Assert.Equal("0", discarded.Header("Upload-Offset"));

        using var refused = await (await AppendAsync(api, address, 0, "?1", s_hello, ("Content-Digest", right)))
            .ExpectAsync(422, "upload-sha256-mismatch");
        Assert.Equal("?1", refused.Header("Upload-Complete"));
        using var failed = await (await api.SendAsync("GET", address, TestApiKey.Text, null)).ExpectAsync(200);
        var state = await failed.JsonAsync();
        Assert.Equal("failed", state.GetProperty("state").GetString());
        Assert.Equal("upload-sha256-mismatch", state.GetProperty("failure").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, state.GetProperty("result").ValueKind);
        using var byTus = await api.TusAsync("HEAD", address);
        Assert.Equal(410, (int)byTus.StatusCode);
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await CreateAsync(api);
        await (await AppendAsync(api, address, 0, "?0", s_hello)).ExpectAsync(204);

        await (await api.DraftAsync("DELETE", address)).ExpectAsync(204);

        await (await api.DraftAsync("HEAD", address)).ExpectAsync(404);
        await (await AppendAsync(api, address, 11, "?1", [])).ExpectAsync(404, "upload-not-found");
        await (await api.DraftAsync("DELETE", address)).ExpectAsync(404, "upload-not-found");
    }

    [Fact]
    public async Task An_upload_continues_by_the_other_protocol_and_in_its_older_versions()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var byTus = await api.CreateAsync(11);
        await (await api.TusAsync("PATCH", byTus, s_hello[..3], ("Upload-Offset", "0"))).ExpectAsync(204);
        using var first = await (await AppendAsync(api, byTus, 3, "?1", s_hello[3..])).ExpectAsync(200);
        Assert.Equal(s_hello, await api.DownloadAsync(first.Header("Upload-Result")));

        // Version 5 has no media type for appends, and tus-js-client sends the metadata of tus in every version.
        using var created = await (await api.DraftAsync(
            "POST", "/uploads", [], ("Upload-Draft-Interop-Version", "5"), ("Upload-Complete", "?0"), ("Upload-Length", "11"),
            ("Upload-Metadata", "filename YS50eHQ="))).ExpectAsync(201);
        using var last = await (await api.DraftAsync(
            "PATCH", created.Header("Location")!, s_hello, ("Upload-Draft-Interop-Version", "5"), ("Upload-Complete", "?1"),
            ("Upload-Offset", "0"))).ExpectAsync(200);
        Assert.Equal("a.txt", (await last.JsonAsync()).GetProperty("fields").GetProperty("filename").GetString());
    }

    private static Task<HttpResponseMessage> AppendAsync(
        UploadApi api, string address, long offset, string complete, byte[] body, params (string, string)[] headers) => api.DraftAsync(
            "PATCH", address, body,
            [("Upload-Offset", $"{offset}"), ("Upload-Complete", complete), ("Content-Type", UploadApi.DraftType), .. headers]);

    private static async Task<string> CreateAsync(UploadApi api, params (string, string)[] headers)
    {
        using var created = await (await api.DraftAsync("POST", "/uploads", [], [("Upload-Complete", "?0"), .. headers])).ExpectAsync(201);
        return created.Header("Location")!;
    }
}
