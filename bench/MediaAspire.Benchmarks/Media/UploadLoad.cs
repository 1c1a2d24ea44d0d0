using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace MediaAspire.Benchmarks.Media;

/// <summary>The rate at which clients create items, put their bytes into the object store, and finalize them.</summary>
internal static class UploadLoad
{
    private const int Bytes = 1024;

    private static readonly string[] s_tags = ["bench"];

    /// <param name="args">The seconds, the number of clients and the API's address; the key is in <c>MEDIAASPIRE_API_KEY</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(int.Parse(args[0], CultureInfo.InvariantCulture));
        var clients = int.Parse(args[1], CultureInfo.InvariantCulture);
        using var api = new HttpClient { BaseAddress = new Uri(args[2]) };
        api.DefaultRequestHeaders.Add("X-Api-Key", Environment.GetEnvironmentVariable("MEDIAASPIRE_API_KEY"));
        using var store = new HttpClient();
        var clock = Stopwatch.StartNew();
        var loads = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var steps = new List<(double Create, double Put, double Finalize)>();
            while (clock.Elapsed < duration)
            {
                steps.Add(await RunOneAsync(api, store, string.Create(CultureInfo.InvariantCulture, $"bench {client}-{steps.Count}")));
            }

            return steps;
        }));
        var all = loads.SelectMany(steps => steps).ToList();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            clients,
            seconds = clock.Elapsed.TotalSeconds,
            items = all.Count,
            rate = all.Count / clock.Elapsed.TotalSeconds,
            create = Summary(all.Select(one => one.Create)),
            put = Summary(all.Select(one => one.Put)),
            finalize = Summary(all.Select(one => one.Finalize)),
        }));
        return 0;
    }

    private static async Task<(double Create, double Put, double Finalize)> RunOneAsync(HttpClient api, HttpClient store, string name)
    {
        var content = RandomNumberGenerator.GetBytes(Bytes);
        var startedAt = Stopwatch.GetTimestamp();
        var item = await SendAsync(api, HttpMethod.Post, "/media", JsonContent.Create(new
        {
            owner = "bench",
            name,
            contentType = "application/octet-stream",
            size = content.Length,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            tags = s_tags,
        }));
        var createdAt = Stopwatch.GetTimestamp();
        var upload = item.GetProperty("parts")[0].GetProperty("upload");
        var method = new HttpMethod(upload.GetProperty("method").GetString()!);
        using (var put = new HttpRequestMessage(method, upload.GetProperty("url").GetString()))
        {
            put.Content = new ByteArrayContent(content);
            foreach (var header in upload.GetProperty("headers").EnumerateObject())
            {
                if (!put.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
                {
                    put.Content.Headers.Remove(header.Name);
                    put.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
                }
            }

            using var stored = await store.SendAsync(put);
            stored.EnsureSuccessStatusCode();
        }

        var putAt = Stopwatch.GetTimestamp();
        var done = await SendAsync(api, HttpMethod.Post, $"/media/{item.GetProperty("id").GetString()}/finalize", content: null);
        var endedAt = Stopwatch.GetTimestamp();
        return done.GetProperty("status").GetString() == "pending"
            ? throw new InvalidOperationException($"Item '{name}' is still pending after it was finalized.")
            : (Milliseconds(startedAt, createdAt), Milliseconds(createdAt, putAt), Milliseconds(putAt, endedAt));
    }

    private static async Task<JsonElement> SendAsync(HttpClient api, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var response = await api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new InvalidOperationException($"{method} {path} answered {(int)response.StatusCode}: {text}");
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static object Summary(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return new { p50 = sorted[sorted.Count / 2], p99 = sorted[sorted.Count * 99 / 100] };
    }
}
