using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Uploads that finish because the graph's own S3 tells the API of them; no test finalizes an item.</summary>
[Collection(GraphGroup.Name)]
public sealed class MediaEventTests(GraphFixture graph)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_upload_finishes_without_a_further_call_of_the_client()
    {
        var body = RandomNumberGenerator.GetBytes(70_000);
        var item = await CreateAsync(body);
        Assert.Equal("pending", item.GetProperty("status").GetString());

        await UploadAsync(item.GetProperty("parts")[0], body);

        await WaitForUploadAsync(item);
        using var state = JsonDocument.Parse(await graph.Admin.GetStringAsync("/admin/notifications"));
        var target = Assert.Single(state.RootElement.GetProperty("targets").EnumerateArray());
        Assert.Equal("media", target.GetProperty("name").GetString());
        Assert.Equal("arn:aws:sns:us-east-1:000000000000:media", target.GetProperty("arn").GetString());
        Assert.EndsWith("/media/events", target.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal("media", Assert.Single(target.GetProperty("buckets").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task An_item_of_two_parts_is_uploaded_with_its_second_one()
    {
        byte[][] bodies = [RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(2000)];
        var item = await CreateAsync(bodies);

        await UploadAsync(item.GetProperty("parts")[1], bodies[1]);
        await graph.WaitForAsync(
            $"""
            SELECT count(*) FROM media_parts JOIN media_objects USING (object_key)
            WHERE media_id = '{item.GetProperty("id").GetGuid()}' AND state = 'stored'
            """,
            1,
            s_patience);
        Assert.Equal(1, await graph.CountAsync($"SELECT status FROM media WHERE media_id = '{item.GetProperty("id").GetGuid()}'"));

        await UploadAsync(item.GetProperty("parts")[0], bodies[0]);
        await WaitForUploadAsync(item);
    }

    [Fact]
    public async Task An_upload_while_no_worker_runs_finishes_when_one_runs_again()
    {
        var body = RandomNumberGenerator.GetBytes(1000);
        var item = await CreateAsync(body);
        await graph.KillAsync("worker");

        await UploadAsync(item.GetProperty("parts")[0], body);
        Assert.Equal(1, await graph.CountAsync("SELECT count(*) FROM notification_events WHERE state = 'pending'"));
        await graph.RestartAsync("worker");

        await WaitForUploadAsync(item);
    }

    [Fact]
    public async Task The_events_key_reports_events_and_opens_no_other_route()
    {
        var key = await graph.App.GetSecretAsync("events-key");
        using var report = await SendAsync(HttpMethod.Post, "/media/events", key);
        using var create = await SendAsync(HttpMethod.Post, "/media", key);
        using var files = await SendAsync(HttpMethod.Get, $"/files/{Guid.CreateVersion7()}", key);

        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, create.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, files.StatusCode);
    }

    private async Task<JsonElement> CreateAsync(params byte[][] bodies)
    {
        using var response = await graph.Api.PostAsJsonAsync("/media", new
        {
            owner = "event-tests",
            name = "An item",
            parts = bodies.Select(body => new
            {
                type = "main",
                contentType = "application/octet-stream",
                size = body.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
            }),
        });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task UploadAsync(JsonElement part, byte[] body)
    {
        var upload = part.GetProperty("upload");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("url").GetString())
        {
            Content = new ByteArrayContent(body),
        };
        foreach (var header in upload.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
            {
                request.Content.Headers.Remove(header.Name);
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }

        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task WaitForUploadAsync(JsonElement item) => graph.WaitForAsync(
        $"SELECT count(*) FROM media WHERE media_id = '{item.GetProperty("id").GetGuid()}' AND status > 1 AND uploaded_at IS NOT NULL",
        1,
        s_patience);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key)
    {
        using var client = new HttpClient { BaseAddress = graph.Api.BaseAddress };
        using var request = new HttpRequestMessage(method, path) { Headers = { { TestApiKey.Header, key } } };
        request.Content = method == HttpMethod.Post ? JsonContent.Create(new { key = "media/unknown" }) : null;
        return await client.SendAsync(request);
    }
}
