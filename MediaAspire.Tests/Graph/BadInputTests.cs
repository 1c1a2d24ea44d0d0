using System.Net.Http.Headers;
using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests that refused requests get a problem with a stable code and leave neither rows nor chunks.</summary>
[Collection(GraphGroup.Name)]
public sealed class BadInputTests(GraphFixture graph)
{
    private const string Unfinished = "upload_status NOT IN ('completed', 'deleted')";

    private static readonly byte[] s_bytes = TestBytes.Make(3, 2_000_000);

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    public Task A_filename_that_is_a_path_is_refused(string filename) => RefusedAsync(
        400, "filename-invalid", () => graph.Api.PutAsync($"/files?filename={Uri.EscapeDataString(filename)}", Body()));

    [Fact]
    public Task A_huge_filename_is_refused() => RefusedAsync(
        400, "filename-invalid", () => graph.Api.PutAsync($"/files?filename={new string('x', 4096)}", Body()));

    [Fact]
    public Task A_huge_filename_in_a_form_is_refused() => RefusedAsync(
        400, "filename-invalid", () => graph.Api.PostAsync("/files", FilesClient.Form(s_bytes, new string('x', 4096))));

    [Fact]
    public Task A_path_in_a_form_is_refused() => RefusedAsync(
        400, "filename-invalid", () => graph.Api.PostAsync("/files", FilesClient.Form(s_bytes, "../x")));

    [Fact]
    public Task A_wrong_checksum_header_keeps_nothing() => RefusedAsync(422, "checksum-mismatch", () =>
    {
        var body = Body();
        body.Headers.Add("x-checksum-sha256", new string('0', 64));
        return graph.Api.PutAsync("/files?filename=a", body);
    });

    [Fact]
    public Task A_wrong_checksum_field_keeps_nothing() => RefusedAsync(
        422, "checksum-mismatch", () => graph.Api.PostAsync("/files", FilesClient.Form(s_bytes, "a", new string('0', 64))));

    [Fact]
    public async Task A_right_checksum_is_accepted_in_every_form()
    {
        var hex = TestBytes.Sha256(s_bytes);
        var file = await graph.Api.PostFormAsync(s_bytes, sha256: hex);
        Assert.Equal(hex, file.Sha256);

        var body = Body();
        body.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(hex))}:");
        using var response = await graph.Api.PutAsync("/files?filename=a", body);
        Assert.Equal(hex, (await FilesClient.ReadCreatedAsync(response)).Sha256);
    }

    [Fact]
    public Task A_malformed_checksum_is_refused() => RefusedAsync(400, "checksum-invalid", () =>
    {
        var body = Body();
        body.Headers.Add("x-checksum-sha256", "abc");
        return graph.Api.PutAsync("/files?filename=a", body);
    });

    [Fact]
    public Task A_form_without_a_boundary_is_refused() => RefusedAsync(
        400, "multipart-boundary-missing", () => graph.Api.PostAsync("/files", Raw("x", "multipart/form-data")));

    [Fact]
    public Task A_truncated_form_keeps_nothing() => RefusedAsync(400, "multipart-malformed", () => graph.Api.PostAsync("/files", Raw(
        $"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{new string('x', 1_000_000)}",
        "multipart/form-data; boundary=B")));

    [Fact]
    public Task A_form_without_a_file_is_refused() => RefusedAsync(400, "file-part-missing", () => graph.Api.PostAsync(
        "/files", Raw("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--\r\n", "multipart/form-data; boundary=B")));

    [Fact]
    public Task Two_files_in_a_form_keep_neither() => RefusedAsync(400, "file-part-repeated", () =>
    {
        var form = FilesClient.Form(s_bytes, "a");
        form.Add(new ByteArrayContent(s_bytes), "file", "b");
        return graph.Api.PostAsync("/files", form);
    });

    [Fact]
    public Task Another_media_type_is_refused() => RefusedAsync(
        415, "media-type-unsupported", () => graph.Api.PostAsync("/files", Raw("x", "text/plain")));

    [Fact]
    public Task A_body_declared_too_large_is_refused_before_it_is_sent() => RefusedAsync(413, "file-too-large", () =>
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/files?filename=a") { Content = new DeclaredLengthContent((10L << 30) + 1) };
        request.Headers.ExpectContinue = true;
        return graph.Api.SendAsync(request);
    });

    [Theory]
    [InlineData("/files/not-an-id", 400, "file-id-invalid")]
    [InlineData("/files/00000000-0000-7000-8000-000000000000", 404, "file-not-found")]
    [InlineData("/files/not-an-id/layout", 400, "file-id-invalid")]
    [InlineData("/nowhere", 404, "not-found")]
    public async Task A_wrong_address_is_a_problem(string path, int status, string code)
    {
        using var response = await graph.Api.GetAsync(path);
        await response.AssertProblemAsync(status, code);
    }

    [Fact]
    public async Task A_client_that_leaves_in_mid_body_leaves_nothing_behind()
    {
        var before = await StateAsync();
        var unfinished = await UnfinishedAsync();
        using var leaving = new CancellationTokenSource();
        var content = new StallingContent(s_bytes, 20_000_000, async () =>
        {
            // Only after the server has begun to receive the file.
            await graph.WaitForAsync("SELECT count(*) FROM upload_sessions", before.Sessions + 1, TimeSpan.FromSeconds(30));
            await leaving.CancelAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => graph.Api.PutAsync("/files?filename=a", content, leaving.Token));

        await graph.WaitForAsync($"SELECT count(*) FROM files WHERE {Unfinished}", unfinished.Count, TimeSpan.FromSeconds(30));
        Assert.Equal(before, await StateAsync());
    }

    private async Task RefusedAsync(int status, string code, Func<Task<HttpResponseMessage>> send)
    {
        var before = await StateAsync();
        var unfinished = await UnfinishedAsync();

        using (var response = await send())
        {
            await response.AssertProblemAsync(status, code);
        }

        Assert.Equal(unfinished, await UnfinishedAsync());
        Assert.Equal(before, await StateAsync());
    }

    /// <summary>Lists the files that are neither completed nor deleted: those of other tests, and of the request if it left one.</summary>
    private async Task<List<string>> UnfinishedAsync()
    {
        await using var command = graph.Database.CreateCommand(
            $"""
            SELECT format('%s %s of %s bytes, %s, created at %s', upload_status, filename, total_size, content_type, created_at)
            FROM files WHERE {Unfinished} ORDER BY file_id
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var files = new List<string>();
        while (await reader.ReadAsync())
        {
            files.Add(reader.GetString(0));
        }

        return files;
    }

    private async Task<(long Files, long Chunks, long Sessions, int OnDisk)> StateAsync() => (
        await graph.CountAsync("SELECT count(*) FROM files"),
        await graph.CountAsync("SELECT count(*) FROM chunk_replicas"),
        await graph.CountAsync("SELECT count(*) FROM upload_sessions"),
        graph.CountChunkFiles());

    private static ByteArrayContent Body() => new(s_bytes);

    private static StringContent Raw(string body, string contentType)
    {
        var content = new StringContent(body, Encoding.ASCII);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    /// <summary>A body that declares a length and sends nothing: the response has to come first.</summary>
    private sealed class DeclaredLengthContent(long length) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            throw new InvalidOperationException("The server asked for a body that it had to refuse.");

        protected override bool TryComputeLength(out long declared)
        {
            declared = length;
            return true;
        }
    }

    /// <summary>A body that sends a part of its declared length and then stops.</summary>
    private sealed class StallingContent(byte[] part, long length, Func<Task> then) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(part);
            await stream.FlushAsync();
            await then();
            throw new OperationCanceledException();
        }

        protected override bool TryComputeLength(out long declared)
        {
            declared = length;
            return true;
        }
    }
}
