using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.NamedFiles;

/// <summary>Files, named and not, of several owners, and their quotas.</summary>
public sealed class FileOwnerTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private NamedFilesApi _api = null!;
    private HttpClient _alice = null!;
    private HttpClient _bob = null!;

    private HttpClient Operator => _api.Client;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners", "files");
        _api = await NamedFilesApi.StartAsync(postgres, runsJobs: false);
        _alice = await _api.CreateClientAsync("alice");
        _bob = await _api.CreateClientAsync("bob");
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _api.DisposeAsync();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task A_file_of_another_owner_does_not_exist(int size)
    {
        var bytes = TestBytes.Make(1, size);
        var alices = await PutAsync(_alice, bytes);
        var nobodys = await PutAsync(Operator, bytes);
        var given = await PutAsync(Operator, bytes, "&owner=alice");
        var own = await PutAsync(_alice, bytes, "&owner=alice");
        var fromForm = await PostFormAsync(_alice, bytes);

        foreach (var file in new[] { alices, given, own, fromForm })
        {
            await AssertMissingAsync(_bob, file);
            foreach (var client in new[] { _alice, Operator })
            {
                Assert.Equal(bytes, await client.GetByteArrayAsync(file));
                using var layout = await client.GetAsync($"{file}/layout");
                Assert.Equal(HttpStatusCode.OK, layout.StatusCode);
            }
        }

        await AssertMissingAsync(_alice, nobodys);
        await AssertMissingAsync(_bob, nobodys);
        Assert.Equal(bytes, await Operator.GetByteArrayAsync(nobodys));

        using var deleted = await _alice.DeleteAsync(alices);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertMissingAsync(_alice, alices);
        using var deletedByOperator = await Operator.DeleteAsync(given);
        Assert.Equal(HttpStatusCode.NoContent, deletedByOperator.StatusCode);
        await AssertMissingAsync(_alice, given);
    }

    [Theory]
    [InlineData("bob", 403, "owner-forbidden")]
    [InlineData("nobody", 403, "owner-forbidden")]
    [InlineData("", 400, "owner-id-invalid")]
    [InlineData("a%20b", 400, "owner-id-invalid")]
    public async Task A_bound_key_cannot_act_for_another_owner(string owner, int status, string code) =>
        await AssertRefusedAsync(_alice, owner, status, code, reads: true);

    [Theory]
    [InlineData("nobody", "owner-unknown")]
    [InlineData("%00", "owner-id-invalid")]
    public async Task An_unknown_owner_is_refused(string owner, string code) =>
        await AssertRefusedAsync(Operator, owner, 400, code, reads: code == "owner-id-invalid");

    [Fact]
    public async Task Every_owner_has_client_ids_of_its_own()
    {
        HttpClient[] clients = [Operator, _alice, _bob];
        for (byte i = 0; i < clients.Length; i++)
        {
            await PutNamedAsync(clients[i], [i]);
        }

        for (var round = 0; round < 2; round++)
        {
            for (byte i = 0; i < clients.Length; i++)
            {
                Assert.Equal([i], await GetNamedAsync(clients[i]));
            }

            Assert.Equal([1], await GetNamedAsync(Operator, "&owner=alice"));
            Assert.Equal([2], await GetNamedAsync(Operator, "&owner=bob"));

            // The second time, from the storage nodes.
            foreach (var owner in new[] { null, "alice", "bob" })
            {
                var named = await _api.FindAsync("client", "name", owner);
                Assert.Equal(round == 1, named.File is not null);
                await _api.SplitAsync(named.Version);
            }
        }

        using var unknown = await _bob.GetAsync("/files?client_id=client&name=other");
        await unknown.AssertProblemAsync(404, "named-file-not-found");
        var file = (await _api.FindAsync("client", "name", "alice")).File;
        await AssertMissingAsync(_bob, $"/files/{file}");
        Assert.Equal([1], await _alice.GetByteArrayAsync($"/files/{file}"));

        await PutNamedAsync(Operator, [9], "?owner=alice");
        Assert.Equal([9], await GetNamedAsync(_alice));
        await AssertMissingAsync(_alice, $"/files/{file}");
    }

    [Fact]
    public async Task A_write_that_a_quota_does_not_allow_is_refused_with_the_figures()
    {
        await PutAsync(_alice, new byte[600]);
        await SetQuotaAsync(bytes: 1000, objects: 3);

        using var refused = await _alice.PutAsync("/files?filename=a", new ByteArrayContent(new byte[500]));
        await refused.AssertProblemAsync(507, "quota-exceeded");
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("owner", "bytes", 1000, 600, 500),
            (problem.GetProperty("scope").GetString(), problem.GetProperty("unit").GetString(), problem.GetProperty("limit").GetInt64(),
                problem.GetProperty("used").GetInt64(), problem.GetProperty("needed").GetInt64()));

        using var form = await _alice.PostAsync("/files", Form(new byte[401]));
        await form.AssertProblemAsync(507, "quota-exceeded");
        using var named = await _alice.PostAsJsonAsync("/files", Named(new byte[401]));
        await named.AssertProblemAsync(507, "quota-exceeded");
        using var given = await Operator.PutAsync("/files?filename=a&owner=alice", new ByteArrayContent(new byte[401]));
        await given.AssertProblemAsync(507, "quota-exceeded");
        await PutAsync(_bob, new byte[500]);
        await PutAsync(Operator, new byte[500]);

        await PutNamedAsync(_alice, new byte[399]);
        await PutNamedAsync(_alice, new byte[400]);
        await PutAsync(_alice, []);
        using var fourth = await _alice.PutAsync("/files?filename=a", new ByteArrayContent([]));
        await fourth.AssertProblemAsync(507, "quota-exceeded");
        Assert.Equal("objects", (await fourth.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("unit").GetString());
        Assert.Equal(
            4, await _api.CountAsync("SELECT count(*) FROM files WHERE upload_status IN ('completed', 'uploading', 'failed', 'pending')"));
    }

    [Fact]
    public async Task A_body_that_cannot_fit_is_refused_before_it_is_sent()
    {
        await SetQuotaAsync(bytes: 1000, objects: null);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/files?filename=a") { Content = new UnsentContent(100_000) };
        request.Headers.ExpectContinue = true;

        using var refused = await _alice.SendAsync(request);

        await refused.AssertProblemAsync(507, "quota-exceeded");
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_read_only_as_far_as_it_can_fit()
    {
        await SetQuotaAsync(bytes: 400_000, objects: null);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/files?filename=a");
        request.Content = new StreamContent(new MemoryStream(TestBytes.Make(1, 400_001)));
        request.Headers.TransferEncodingChunked = true;

        using var refused = await _alice.SendAsync(request);

        await refused.AssertProblemAsync(507, "quota-exceeded");
        Assert.Equal(0, await _api.CountAsync("SELECT count(*) FROM chunks"));
        Assert.Equal(0, await _api.CountAsync("SELECT count(*) FROM files"));
    }

    private static MultipartFormDataContent Form(byte[] bytes) => new() { { new ByteArrayContent(bytes), "file", "a" } };

    private static object Named(byte[] data) => new { client_id = "client", name = "name", data };

    private static async Task<string> PutAsync(HttpClient client, byte[] bytes, string query = "")
    {
        using var response = await client.PutAsync($"/files?filename=a{query}", new ByteArrayContent(bytes));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private static async Task<string> PostFormAsync(HttpClient client, byte[] bytes)
    {
        using var response = await client.PostAsync("/files", Form(bytes));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private static async Task PutNamedAsync(HttpClient client, byte[] data, string query = "")
    {
        using var response = await client.PostAsJsonAsync($"/files{query}", Named(data));
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    private static async Task<byte[]> GetNamedAsync(HttpClient client, string query = "")
    {
        var json = await client.GetFromJsonAsync<JsonElement>($"/files?client_id=client&name=name{query}");
        return json.GetProperty("data").GetBytesFromBase64();
    }

    private static async Task AssertMissingAsync(HttpClient client, string file)
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, file), (HttpMethod.Head, file), (HttpMethod.Get, $"{file}/layout"), (HttpMethod.Delete, file),
        })
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            if (method != HttpMethod.Head)
            {
                await response.AssertProblemAsync(404, "file-not-found");
            }
        }
    }

    private async Task AssertRefusedAsync(HttpClient client, string owner, int status, string code, bool reads)
    {
        using var put = await client.PutAsync($"/files?filename=a&owner={owner}", new ByteArrayContent([1]));
        await put.AssertProblemAsync(status, code);
        using var form = await client.PostAsync($"/files?owner={owner}", Form([1]));
        await form.AssertProblemAsync(status, code);
        using var json = await client.PostAsJsonAsync($"/files?owner={owner}", Named([1]));
        await json.AssertProblemAsync(status, code);
        if (reads)
        {
            using var read = await client.GetAsync($"/files?client_id=client&name=name&owner={owner}");
            await read.AssertProblemAsync(status, code);
        }

        Assert.Equal(0, await _api.CountAsync("SELECT count(*) FROM files"));
        Assert.Equal(0, await _api.CountAsync("SELECT count(*) FROM named_files"));
    }

    private async Task SetQuotaAsync(long? bytes, long? objects)
    {
        var id = await new QuotaCatalog(postgres.Database, TimeProvider.System).SetAsync(
            QuotaScope.Of(new Core.Ids.OwnerId("alice")), new(bytes, objects), default);
        await new QuotaCounter(postgres.Database, TimeProvider.System).CountAsync(id!.Value, default);
    }
}
