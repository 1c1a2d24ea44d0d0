using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Uploads media to a running graph, as a client does.</summary>
internal static class MediaUploads
{
    private static readonly HttpClient s_store = new() { Timeout = TimeSpan.FromMinutes(2) };
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Makes a declaration of one part.</summary>
    public static JsonObject Declare(byte[] content, string owner = "alice") => new()
    {
        ["owner"] = owner,
        ["name"] = "Sunset",
        ["contentType"] = "application/x-test",
        ["size"] = content.Length,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
    };

    public static async Task<JsonNode> CreateAsync(this HttpClient api, JsonObject declaration)
    {
        using var answer = await api.PostAsJsonAsync("/media", declaration);
        var item = await ReadAsync(answer, HttpStatusCode.Created);
        Assert.Equal($"/media/{item["id"]}", answer.Headers.Location!.ToString());
        return item;
    }

    /// <summary>Sends bytes to the address of an upload.</summary>
    public static async Task<HttpStatusCode> UploadAsync(JsonNode upload, byte[] content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(upload["method"]!.ToString()), upload["url"]!.ToString())
        {
            Content = new ByteArrayContent(content),
        };
        foreach (var (name, value) in upload["headers"]!.AsObject().Where(header => header.Key != "Content-Length"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value!.ToString()))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value!.ToString());
            }
        }

        using var answer = await s_store.SendAsync(request);
        return answer.StatusCode;
    }

    public static async Task<JsonNode> FinalizeAsync(this HttpClient api, JsonNode item)
    {
        using var answer = await api.PostAsync($"/media/{item["id"]}/finalize", content: null);
        return await ReadAsync(answer, HttpStatusCode.OK);
    }

    /// <summary>Reads an item until a condition holds.</summary>
    public static async Task<JsonNode> WaitAsync(this HttpClient api, JsonNode item, Func<JsonNode, bool> condition)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            using var answer = await api.GetAsync($"/media/{item["id"]}");
            var now = await ReadAsync(answer, HttpStatusCode.OK);
            if (condition(now))
            {
                return now;
            }

            try
            {
                await poll.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The item stayed as it is: {now}");
            }
        }
    }

    public static bool IsReady(JsonNode item) => item["status"]!.ToString() == "ready";

    /// <summary>Downloads the parts of a ready item and compares them with the bytes that were uploaded.</summary>
    public static async Task AssertDownloadsAsync(JsonNode item, params byte[][] contents)
    {
        foreach (var (part, content) in item["parts"]!.AsArray().Zip(contents))
        {
            Assert.Equal("stored", part!["state"]!.ToString());
            var bytes = await s_store.GetByteArrayAsync(part["download"]!["url"]!.ToString());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
    }

    /// <summary>Removes an item and waits until its bytes are gone from the store.</summary>
    public static async Task RemoveAsync(this GraphFixture graph, JsonNode item)
    {
        var address = item["parts"]![0]!["download"]!["url"]!.ToString();
        using var answer = await graph.Api.DeleteAsync($"/media/{item["id"]}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            using var got = await s_store.GetAsync(address, deadline.Token);
            if (got.StatusCode == HttpStatusCode.NotFound)
            {
                return;
            }

            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    public static async Task<JsonNode> AssertProblemAsync(Task<HttpResponseMessage> request, HttpStatusCode status, string code)
    {
        using var answer = await request;
        var problem = await ReadAsync(answer, status);
        Assert.Equal(code, problem["code"]!.ToString());
        return problem;
    }
}
