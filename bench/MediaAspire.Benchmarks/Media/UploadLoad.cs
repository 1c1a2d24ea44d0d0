using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace MediaAspire.Benchmarks.Media;

/// <summary>The rates at which clients create items, put their bytes into the object store, and finalize them.</summary>
/// <remarks>Whole cycles, as clients run them; or one phase for many items, so that its processor time can be told apart.</remarks>
internal static class UploadLoad
{
    private const int Bytes = 1024;

    private static readonly string[] s_tags = ["bench"];

    /// <param name="args">
    /// <c>cycle</c>, <c>create</c>, <c>put</c> or <c>finalize</c>; the number of clients; the API's address; the seconds of the first two;
    /// and the file with the created items, except for <c>cycle</c>. The key is in <c>MEDIAASPIRE_API_KEY</c>.
    /// </param>
    public static async Task<int> RunAsync(string[] args)
    {
        var phase = args[0];
        var clients = int.Parse(args[1], CultureInfo.InvariantCulture);
        var duration = TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture));
        using var api = new HttpClient { BaseAddress = new Uri(args[2]) };
        api.DefaultRequestHeaders.Add("X-Api-Key", Environment.GetEnvironmentVariable("MEDIAASPIRE_API_KEY"));
        using var store = new HttpClient();

        var result = phase switch
        {
            "cycle" => await RepeatAsync(clients, duration, name => RunCycleAsync(api, store, name)),
            "create" => await CreateAsync(api, clients, duration, args[4]),
            "put" => await EachAsync(clients, args[4], item => PutAsync(store, item)),
            "finalize" => await EachAsync(clients, args[4], item => FinalizeAsync(api, item)),
            _ => throw new ArgumentException($"'{phase}' is not a phase.", nameof(args)),
        };
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            phase,
            clients,
            seconds = result.Elapsed.TotalSeconds,
            items = result.Times.Count,
            rate = result.Times.Count / result.Elapsed.TotalSeconds,
            clientSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            steps = Enumerable.Range(0, result.Times[0].Length)
                .Select(step => Summary(result.Times.Select(times => times[step]))),
        }));
        return 0;
    }

    private static async Task<Result> CreateAsync(HttpClient api, int clients, TimeSpan duration, string path)
    {
        var created = new ConcurrentBag<CreatedItem>();
        var result = await RepeatAsync(clients, duration, async name =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            created.Add(await CreateAsync(api, name));
            return [Milliseconds(startedAt)];
        });
        await File.WriteAllLinesAsync(path, created.Select(item => JsonSerializer.Serialize(item)));
        return result;
    }

    private static async Task<Result> RepeatAsync(int clients, TimeSpan duration, Func<string, Task<double[]>> run)
    {
        var clock = Stopwatch.StartNew();
        var loads = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var times = new List<double[]>();
            while (clock.Elapsed < duration)
            {
                times.Add(await run(string.Create(CultureInfo.InvariantCulture, $"bench {client}-{times.Count}")));
            }

            return times;
        }));
        return new([.. loads.SelectMany(times => times)], clock.Elapsed);
    }

    private static async Task<Result> EachAsync(int clients, string path, Func<CreatedItem, Task> run)
    {
        var items = (await File.ReadAllLinesAsync(path)).Select(line => JsonSerializer.Deserialize<CreatedItem>(line)!).ToList();
        var times = new ConcurrentBag<double[]>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (item, _) =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            await run(item);
            times.Add([Milliseconds(startedAt)]);
        });
        return new([.. times], clock.Elapsed);
    }

    private static async Task<double[]> RunCycleAsync(HttpClient api, HttpClient store, string name)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var item = await CreateAsync(api, name);
        var createdAt = Stopwatch.GetTimestamp();
        await PutAsync(store, item);
        var putAt = Stopwatch.GetTimestamp();
        await FinalizeAsync(api, item);
        return
        [
            Stopwatch.GetElapsedTime(startedAt, createdAt).TotalMilliseconds,
            Stopwatch.GetElapsedTime(createdAt, putAt).TotalMilliseconds,
            Milliseconds(putAt),
        ];
    }

    private static async Task<CreatedItem> CreateAsync(HttpClient api, string name)
    {
        var content = RandomNumberGenerator.GetBytes(Bytes);
        var item = await SendAsync(api, HttpMethod.Post, "/media", JsonContent.Create(new
        {
            owner = "bench",
            name,
            contentType = "application/octet-stream",
            size = content.Length,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            tags = s_tags,
        }));
        var upload = item.GetProperty("parts")[0].GetProperty("upload");
        return new CreatedItem(
            item.GetProperty("id").GetString()!,
            upload.GetProperty("method").GetString()!,
            upload.GetProperty("url").GetString()!,
            upload.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!),
            content);
    }

    private static async Task PutAsync(HttpClient store, CreatedItem item)
    {
        using var put = new HttpRequestMessage(new HttpMethod(item.Method), item.Url) { Content = new ByteArrayContent(item.Content) };
        foreach (var (name, value) in item.Headers)
        {
            if (!put.Headers.TryAddWithoutValidation(name, value))
            {
                put.Content.Headers.Remove(name);
                put.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var stored = await store.SendAsync(put);
        stored.EnsureSuccessStatusCode();
    }

    private static async Task FinalizeAsync(HttpClient api, CreatedItem item)
    {
        var done = await SendAsync(api, HttpMethod.Post, $"/media/{item.Id}/finalize", content: null);
        if (done.GetProperty("status").GetString() == "pending")
        {
            throw new InvalidOperationException($"Item {item.Id} is still pending after it was finalized.");
        }
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

    private static double Milliseconds(long from) => Stopwatch.GetElapsedTime(from).TotalMilliseconds;

    private static object Summary(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return new { p50 = sorted[sorted.Count / 2], p99 = sorted[((sorted.Count * 99) - 1) / 100] };
    }

    /// <summary>The times of each item's steps, in milliseconds, and the time of all.</summary>
    private sealed record Result(IReadOnlyList<double[]> Times, TimeSpan Elapsed);

    private sealed record CreatedItem(string Id, string Method, string Url, Dictionary<string, string> Headers, byte[] Content);
}
