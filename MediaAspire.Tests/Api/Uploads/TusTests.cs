using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>tus 1.0.0 over HTTP: each status that the protocol names, and each extension.</summary>
public sealed class TusTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly byte[] s_hello = [.. "hello world"u8];

    [Fact]
    public async Task An_upload_in_parts_becomes_a_file_with_its_bytes()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var bytes = TestBytes.Make(1, 300_000);
        var metadata = ("Upload-Metadata", "filename YS50eHQ=,filetype dGV4dC9wbGFpbg==,is_confidential");

        var address = await api.CreateAsync(bytes.Length, metadata);
        Assert.Matches("^/uploads/[0-9a-f]{32}$", address);
        using var empty = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal(
            ("0", "300000", metadata.Item2, "no-store", "1.0.0"),
            (empty.Header("Upload-Offset"), empty.Header("Upload-Length"), empty.Header("Upload-Metadata"),
                empty.Header("Cache-Control"), empty.Header("Tus-Resumable")));
        Assert.Null(empty.Header("Upload-Defer-Length"));

        using var first = await (await api.TusAsync("PATCH", address, bytes[..100_000], ("Upload-Offset", "0"))).ExpectAsync(204);
        Assert.Equal("100000", first.Header("Upload-Offset"));
        Assert.True(DateTimeOffset.TryParse(first.Header("Upload-Expires"), CultureInfo.InvariantCulture, out var expiry));
        Assert.True(expiry > TimeProvider.System.GetUtcNow().AddHours(1));

        using var state = await (await api.SendAsync("GET", address, TestApiKey.Text, null)).ExpectAsync(200);
        var progress = await state.JsonAsync();
        Assert.Equal("receiving", progress.GetProperty("state").GetString());
        Assert.Equal(100_000, progress.GetProperty("offset").GetInt64());
        Assert.Equal("a.txt", progress.GetProperty("fields").GetProperty("filename").GetString());

        using var last = await (await api.TusAsync("PATCH", address, bytes[100_000..], ("Upload-Offset", "100000"))).ExpectAsync(204);
        Assert.Equal("300000", last.Header("Upload-Offset"));
        Assert.Equal(bytes, await api.DownloadAsync(last.Header("Upload-Result")));

        using var done = await (await api.SendAsync("GET", address, TestApiKey.Text, null)).ExpectAsync(200);
        Assert.Equal("completed", (await done.JsonAsync()).GetProperty("state").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(bytes)), (await done.JsonAsync()).GetProperty("sha256").GetString());
        using var head = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal("300000", head.Header("Upload-Offset"));

        // A finished upload takes nothing and cannot be terminated: its file is deleted instead.
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"))).ExpectAsync(409, "upload-offset-mismatch");
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "300000"))).ExpectAsync(409, "upload-completed");
        await (await api.TusAsync("DELETE", address)).ExpectAsync(409, "upload-finished");
    }

    [Fact]
    public async Task Requests_that_break_the_protocol_get_its_statuses_and_change_nothing()
    {
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Sessions:MaxLength", "1000"));
        var address = await api.CreateAsync(11);

        foreach (var (method, path) in new[] { ("HEAD", address), ("PATCH", address), ("DELETE", address), ("POST", "/uploads") })
        {
            using var refused = await api.SendAsync(
                method, path, TestApiKey.Text, null, ("Tus-Resumable", "0.2.2"), ("Upload-Offset", "0"),
                ("Content-Type", UploadApi.TusType));
            Assert.Equal((method, HttpStatusCode.PreconditionFailed), (method, refused.StatusCode));
            Assert.Equal("1.0.0", refused.Header("Tus-Version"));
        }

        // Without the version: only what marks a request as one of tus otherwise.
        await (await api.SendAsync("POST", "/uploads", TestApiKey.Text, null, ("Upload-Length", "1")))
            .ExpectAsync(412, "tus-version-unsupported");
        await (await api.SendAsync(
            "PATCH", address, TestApiKey.Text, new ByteArrayContent(s_hello), ("Content-Type", UploadApi.TusType), ("Upload-Offset", "0")))
            .ExpectAsync(412, "tus-version-unsupported");
        await (await api.SendAsync("POST", "/uploads", TestApiKey.Text, null)).ExpectAsync(400, "upload-protocol-missing");

        (int, string, (string, string)[])[] creations =
        [
            (400, "upload-header-invalid", []),
            (400, "upload-header-invalid", [("Upload-Length", "-1")]),
            (400, "upload-header-invalid", [("Upload-Length", "+1")]),
            (400, "upload-header-invalid", [("Upload-Length", "1e3")]),
            (400, "upload-header-invalid", [("Upload-Length", "99999999999999999999")]),
            (400, "upload-header-invalid", [("Upload-Length", "1"), ("Upload-Defer-Length", "1")]),
            (400, "upload-header-invalid", [("Upload-Defer-Length", "2")]),
            (400, "upload-header-invalid", [("Upload-Length", "1"), ("Upload-Metadata", "a %")]),
            (400, "upload-header-invalid", [("Upload-Length", "1"), ("Upload-Concat", "whole")]),
            (400, "upload-header-invalid", [("Upload-Length", "1"), ("Upload-Checksum", "sha9 AAAA")]),
            (400, "filename-invalid", [("Upload-Length", "1"), ("Upload-Metadata", "filename Li4=")]),
            (400, "upload-target-invalid", [("Upload-Length", "1"), ("Upload-Metadata", "target c3R1ZmY=")]),
            (400, "upload-target-invalid", [("Upload-Length", "1"), ("Upload-Metadata", "filetype bm9uZQ==")]),
            (400, "upload-target-invalid", [("Upload-Length", "1"), ("Upload-Metadata", "sha256 YQ==")]),
            (413, "upload-too-large", [("Upload-Length", "1001")]),
        ];
        foreach (var (status, code, headers) in creations)
        {
            await (await api.TusAsync("POST", "/uploads", null, headers)).ExpectAsync(status, code);
        }

        await (await api.TusAsync("POST", "/uploads", s_hello, ("Upload-Length", "11"), ("Content-Type", "text/plain")))
            .ExpectAsync(415, "media-type-unsupported");
        await (await api.TusAsync("POST", "/uploads", s_hello, ("Upload-Length", "10"))).ExpectAsync(413, "upload-length-exceeded");

        await (await api.TusAsync("PATCH", address, s_hello)).ExpectAsync(400, "upload-header-invalid");
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "x"))).ExpectAsync(400, "upload-header-invalid");
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"), ("Content-Type", "text/plain")))
            .ExpectAsync(415, "media-type-unsupported");
        using var conflict = await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "1")))
            .ExpectAsync(409, "upload-offset-mismatch");
        Assert.Equal(("0", "1.0.0"), (conflict.Header("Upload-Offset"), conflict.Header("Tus-Resumable")));
        await (await api.TusAsync("PATCH", address, new byte[12], ("Upload-Offset", "0"))).ExpectAsync(413, "upload-length-exceeded");
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"), ("Upload-Length", "12")))
            .ExpectAsync(400, "upload-length-inconsistent");
        foreach (var unknown in new[] { "/uploads/0123456789abcdef0123456789abcdef", "/uploads/x" })
        {
            await (await api.TusAsync("PATCH", unknown, s_hello, ("Upload-Offset", "0"))).ExpectAsync(404, "upload-not-found");
            await (await api.TusAsync("DELETE", unknown)).ExpectAsync(404, "upload-not-found");
            using var head = await (await api.TusAsync("HEAD", unknown)).ExpectAsync(404);
            Assert.Null(head.Header("Upload-Offset"));
        }

        using var kept = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal("0", kept.Header("Upload-Offset"));
        await (await api.TusAsync("DELETE", address)).ExpectAsync(204);
        await (await api.TusAsync("HEAD", address)).ExpectAsync(404);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_length_alone_completes_an_upload_and_so_does_a_repeated_request_without_bytes(bool isChunked)
    {
        await using var api = await UploadApi.StartAsync(postgres);
        using var begun = await (await api.TusAsync("POST", "/uploads", s_hello, ("Upload-Defer-Length", "1"))).ExpectAsync(201);
        var address = begun.Header("Location")!;
        (string, string)[] framing = isChunked ? [("Transfer-Encoding", "chunked")] : [];

        using var last = await (await api.TusAsync(
            "PATCH", address, [], [("Upload-Offset", "11"), ("Upload-Length", "11"), .. framing])).ExpectAsync(204);
        using var again = await (await api.TusAsync("PATCH", address, [], [("Upload-Offset", "11"), .. framing])).ExpectAsync(204);

        Assert.Equal(("11", "11"), (last.Header("Upload-Offset"), again.Header("Upload-Offset")));
        Assert.Equal(s_hello, await api.DownloadAsync(last.Header("Upload-Result")));
        Assert.Equal(last.Header("Upload-Result"), again.Header("Upload-Result"));
        await (await api.TusAsync("PATCH", address, s_hello, [("Upload-Offset", "11"), .. framing])).ExpectAsync(409, "upload-completed");
    }

    [Fact]
    public async Task A_request_for_another_offset_does_not_set_the_length()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        using var begun = await (await api.TusAsync("POST", "/uploads", null, ("Upload-Defer-Length", "1"))).ExpectAsync(201);
        var address = begun.Header("Location")!;

        using var refused = await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "1"), ("Upload-Length", "12")))
            .ExpectAsync(409, "upload-offset-mismatch");

        Assert.Equal("0", refused.Header("Upload-Offset"));
        using var head = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal((null, "1"), (head.Header("Upload-Length"), head.Header("Upload-Defer-Length")));
    }

    [Fact]
    public async Task Options_tell_the_versions_the_extensions_and_the_limits_without_a_key()
    {
        await using var api = await UploadApi.StartAsync(postgres, ("Uploads:Sessions:MaxLength", "1000"));

        using var answer = await (await api.SendAsync("OPTIONS", "/uploads", key: null, null, ("Tus-Resumable", "0.0.1"))).ExpectAsync(204);

        Assert.Equal(("1.0.0", "1.0.0", "1000"), (
            answer.Header("Tus-Version"), answer.Header("Tus-Resumable"), answer.Header("Tus-Max-Size")));
        Assert.Equal(
            ["checksum", "checksum-trailer", "concatenation", "creation", "creation-defer-length", "creation-with-upload", "expiration",
                "termination"],
            answer.Header("Tus-Extension")!.Split(',').Order());
        Assert.Contains("sha1", answer.Header("Tus-Checksum-Algorithm")!.Split(','));
        Assert.Equal("max-size=1000", answer.Header("Upload-Limit"));
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Bytes_come_with_the_creation_and_the_length_with_the_last_ones()
    {
        await using var api = await UploadApi.StartAsync(postgres);

        using var whole = await (await api.TusAsync("POST", "/uploads", s_hello, ("Upload-Length", "11"))).ExpectAsync(201);
        Assert.Equal("11", whole.Header("Upload-Offset"));
        Assert.Equal(s_hello, await api.DownloadAsync(whole.Header("Upload-Result")));

        using var nothing = await (await api.TusAsync("POST", "/uploads", null, ("Upload-Length", "0"))).ExpectAsync(201);
        Assert.Empty(await api.DownloadAsync(nothing.Header("Upload-Result")));

        using var begun = await (await api.TusAsync("POST", "/uploads", s_hello[..5], ("Upload-Defer-Length", "1"))).ExpectAsync(201);
        Assert.Equal("5", begun.Header("Upload-Offset"));
        var address = begun.Header("Location")!;
        using var deferred = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal(("1", null), (deferred.Header("Upload-Defer-Length"), deferred.Header("Upload-Length")));

        // Once set, the length is the same in every request.
        using var more = await (await api.TusAsync("PATCH", address, s_hello[5..6], ("Upload-Offset", "5"), ("Upload-Length", "11")))
            .ExpectAsync(204);
        using var known = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal((null, "11"), (known.Header("Upload-Defer-Length"), known.Header("Upload-Length")));
        await (await api.TusAsync("PATCH", address, s_hello[6..], ("Upload-Offset", "6"), ("Upload-Length", "10")))
            .ExpectAsync(400, "upload-length-inconsistent");

        // A client that cannot send PATCH.
        using var overridden = await (await api.TusAsync(
            "POST", address, s_hello[6..], ("Upload-Offset", "6"), ("X-HTTP-Method-Override", "PATCH"))).ExpectAsync(204);
        Assert.Equal(s_hello, await api.DownloadAsync(overridden.Header("Upload-Result")));
    }

    [Fact]
    public async Task A_body_with_another_checksum_leaves_no_byte()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        const string Sha1 = "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=";
        var address = await api.CreateAsync(22);

        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"), ("Upload-Checksum", "md9 AAAA")))
            .ExpectAsync(400, "upload-header-invalid");
        using var mismatch = await (await api.TusAsync(
            "PATCH", address, [.. s_hello[..10], (byte)'x'], ("Upload-Offset", "0"), ("Upload-Checksum", Sha1)))
            .ExpectAsync(460, "checksum-mismatch");
        using var kept = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal("0", kept.Header("Upload-Offset"));
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "0"), ("Upload-Checksum", Sha1))).ExpectAsync(204);

        await (await api.TusAsync("POST", "/uploads", s_hello[..10], ("Upload-Length", "11"), ("Upload-Checksum", Sha1)))
            .ExpectAsync(460, "checksum-mismatch");

        var patch = $"PATCH {address} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nX-Api-Key: {TestApiKey.Text}\r\nTus-Resumable: 1.0.0\r\n"
            + $"Content-Type: {UploadApi.TusType}\r\nUpload-Offset: 11\r\nTransfer-Encoding: chunked\r\nTrailer: Upload-Checksum\r\n"
            + "Connection: close\r\n\r\nb\r\n";
        Assert.StartsWith(
            "HTTP/1.1 460", await SendRawAsync(api, $"{patch}hello wOrld\r\n0\r\nUpload-Checksum: {Sha1}\r\n\r\n"),
            StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await SendRawAsync(api, $"{patch}hello world\r\n0\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 400", await SendRawAsync(api, $"{patch}hello world\r\n0\r\nUpload-Checksum: sha1\r\n\r\n"), StringComparison.Ordinal);
        using var untouched = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal("11", untouched.Header("Upload-Offset"));
        Assert.StartsWith(
            "HTTP/1.1 204", await SendRawAsync(api, $"{patch}hello world\r\n0\r\nUpload-Checksum: {Sha1}\r\n\r\n"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_keeps_what_has_arrived_and_the_creation_of_it_keeps_nothing()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await api.CreateAsync(1000);

        await BreakOffAsync(api, $"PATCH {address}", "Upload-Offset: 0\r\nContent-Length: 1000", new string('a', 400));
        using var head = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);

        // Kestrel discards bytes that it reads together with the end of their connection.
        var offset = int.Parse(head.Header("Upload-Offset")!, CultureInfo.InvariantCulture);
        Assert.InRange(offset, 0, 400);

        var checksum = $"Upload-Offset: {offset}\r\nContent-Length: {1000 - offset}\r\n"
            + "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=";
        await BreakOffAsync(api, $"PATCH {address}", checksum, new string('b', 300));
        using var same = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal($"{offset}", same.Header("Upload-Offset"));

        await BreakOffAsync(api, "POST /uploads", "Upload-Length: 1000\r\nContent-Length: 1000", new string('c', 300));
        await api.WaitForAsync("SELECT count(*) FROM uploads", 1);
    }

    [Fact]
    public async Task Partial_uploads_become_one_in_the_order_of_their_addresses()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var parts = new List<string>();
        foreach (var text in new[] { "hello ", "world" })
        {
            var part = await api.CreateAsync(text.Length, ("Upload-Concat", "partial"));
            await (await api.TusAsync("POST", "/uploads", null, ("Upload-Concat", $"final;{part}")))
                .ExpectAsync(409, "upload-parts-unfinished");
            using var appended = await (await api.TusAsync("PATCH", part, Encoding.UTF8.GetBytes(text), ("Upload-Offset", "0")))
                .ExpectAsync(204);
            Assert.Null(appended.Header("Upload-Result"));
            using var head = await (await api.TusAsync("HEAD", part)).ExpectAsync(200);
            Assert.Equal("partial", head.Header("Upload-Concat"));
            parts.Add(part);
        }

        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Concat", "final;/uploads/x")))
            .ExpectAsync(400, "upload-concat-invalid");
        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Concat", "final;"))).ExpectAsync(400, "upload-concat-invalid");
        var concat = $"final;{parts[0]} {new Uri(api.Address, parts[1])}";
        await (await api.TusAsync("POST", "/uploads", null, ("Upload-Concat", concat), ("Upload-Length", "11")))
            .ExpectAsync(400, "upload-header-unexpected");

        using var final = await (await api.TusAsync(
            "POST", "/uploads", null, ("Upload-Concat", concat), ("Upload-Metadata", "filename YS50eHQ="))).ExpectAsync(201);
        Assert.Equal(s_hello, await api.DownloadAsync(final.Header("Upload-Result")));
        var address = final.Header("Location")!;
        using var state = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal((concat, "11", "11"), (
            state.Header("Upload-Concat"), state.Header("Upload-Length"), state.Header("Upload-Offset")));
        await (await api.TusAsync("PATCH", address, s_hello, ("Upload-Offset", "11"))).ExpectAsync(403, "upload-final");
    }

    [Fact]
    public async Task A_later_request_ends_an_older_one_which_writes_nothing_any_more()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        var address = await api.CreateAsync(10);
        using var socket = await OpenAsync(api);
        await WriteAsync(socket, $"PATCH {address}", api, "Upload-Offset: 0\r\nContent-Length: 10", "aaa");
        await api.WaitForAsync("SELECT count(*) FROM uploads WHERE is_held", 1);

        // The client has given the first connection up, which the server does not know yet.
        using var head = await (await api.TusAsync("HEAD", address)).ExpectAsync(200);
        Assert.Equal("3", head.Header("Upload-Offset"));
        using var rest = await (await api.TusAsync("PATCH", address, "bbbbbbb"u8.ToArray(), ("Upload-Offset", "3"))).ExpectAsync(204);
        Assert.Equal("aaabbbbbbb"u8.ToArray(), await api.DownloadAsync(rest.Header("Upload-Result")));
    }

    private static async Task<string> SendRawAsync(UploadApi api, string request)
    {
        using var socket = await OpenAsync(api);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }

    private static async Task BreakOffAsync(UploadApi api, string line, string headers, string body)
    {
        using var socket = await OpenAsync(api);
        await WriteAsync(socket, line, api, headers, body);
        socket.Shutdown(SocketShutdown.Send);

        // Until the server has noticed, and has closed the connection or reset it.
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return;
        }
    }

    private static async Task<Socket> OpenAsync(UploadApi api)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Address.Host, api.Address.Port);
        return socket;
    }

    private static async Task WriteAsync(Socket socket, string line, UploadApi api, string headers, string body) => await socket.SendAsync(
        Encoding.ASCII.GetBytes(
            $"{line} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nX-Api-Key: {TestApiKey.Text}\r\nTus-Resumable: 1.0.0\r\n"
            + $"Content-Type: {UploadApi.TusType}\r\n{headers}\r\n\r\n{body}"));
}
