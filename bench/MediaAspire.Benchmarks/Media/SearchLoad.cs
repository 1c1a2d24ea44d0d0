using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MediaAspire.Core.Media.Filters;
using MediaAspire.Core.Media.Postgres;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Benchmarks.Media;

/// <summary>The latency of searches, one after the other, in the database and by HTTP.</summary>
/// <remarks>
/// Each search in the database is run <see cref="Repeats"/> times. The first time counts as its latency, with what the machine does
/// meanwhile; the shortest is the work of the search itself.
/// </remarks>
internal static class SearchLoad
{
    private const int Repeats = 3;
    private const int SlowestShown = 3;

    // Searches without an index take a second.
    private const int UnindexedFraction = 30;

    /// <param name="args">
    /// The rounds of each combination; after it the API's address, whose key is in <c>MEDIAASPIRE_API_KEY</c>. The connection string is
    /// <c>ConnectionStrings__media</c>.
    /// </param>
    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = int.Parse(args[0], CultureInfo.InvariantCulture);
        var connections = new NpgsqlConnectionStringBuilder(
            Environment.GetEnvironmentVariable("ConnectionStrings__media")
            ?? throw new InvalidOperationException("ConnectionStrings__media is not set."))
        {
            MaxAutoPrepare = 64,
            NoResetOnClose = true,
        };
        await using var database = NpgsqlDataSource.Create(connections);
        using var search = new PostgresMediaSearch(database, Options.Create(new MediaSearchOptions()));
        using var client = args is [_, var address, ..] ? Client(address) : null;
        var only = Environment.GetEnvironmentVariable("MEDIAASPIRE_COMBINATION");

        var sample = await SearchSample.ReadAsync(database);
        var combinations = SearchCombinations.All.Concat(SearchCombinations.Unindexed);
        foreach (var combination in combinations.Where(combination => only is null || combination == only))
        {
            // The first rounds, a tenth, warm up.
            var isIndexed = SearchCombinations.All.Contains(combination);
            var counted = isIndexed ? rounds : Math.Max(10, rounds / UnindexedFraction);
            var queries = Enumerable.Range(0, counted + (counted / 10)).Select(_ => sample.Draw(combination)).ToList();
            var items = 0;
            var inDatabase = await MeasureAsync(queries, counted, async query => items += await SearchAsync(search, query), Repeats);
            var overHttp = client is null ? null : await MeasureAsync(queries, counted, query => GetAsync(client, query), repeats: 1);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                combination,
                isIndexed,
                rounds = counted,
                found = items / (double)(queries.Count * Repeats),
                database = Summary(inDatabase.Select(one => one.First)),
                work = Summary(inDatabase.Select(one => one.Least)),
                http = overHttp is null ? null : Summary(overHttp.Select(one => one.First)),
                slowest = inDatabase.OrderByDescending(one => one.Least).Take(SlowestShown)
                    .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Least:F1} {one.Query}")),
            }));
        }

        return 0;
    }

    private static HttpClient Client(string address)
    {
        var client = new HttpClient { BaseAddress = new Uri(address) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Environment.GetEnvironmentVariable("MEDIAASPIRE_API_KEY"));
        return client;
    }

    private static async Task<List<(double First, double Least, string Query)>> MeasureAsync(
        List<string> queries, int rounds, Func<string, Task> run, int repeats)
    {
        var times = new List<(double First, double Least, string Query)>();
        foreach (var query in queries)
        {
            var first = await TimeAsync(query, run);
            var least = first;
            for (var repeat = 1; repeat < repeats; repeat++)
            {
                least = Math.Min(least, await TimeAsync(query, run));
            }

            times.Add((first, least, query));
        }

        return times[^rounds..];
    }

    private static async Task<double> TimeAsync(string query, Func<string, Task> run)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await run(query);
        return Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    private static async Task<int> SearchAsync(PostgresMediaSearch search, string text)
    {
        var parsed = FilterParser.Parse(QueryHelpers.ParseQuery(text)
            .Select(pair => new KeyValuePair<string, IReadOnlyList<string?>>(pair.Key, pair.Value)));
        var query = parsed.Request?.Open().Query ?? throw new InvalidOperationException($"'{text}': {parsed.Error?.Message}");
        var result = await search.SearchAsync(query, CancellationToken.None);
        return result.Status == SearchStatus.Found
            ? result.Items.Length
            : throw new InvalidOperationException($"'{text}': {result.Status}");
    }

    private static async Task GetAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(new Uri($"/media?{query}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static object Summary(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return new { p50 = sorted[sorted.Count / 2], p99 = sorted[((sorted.Count * 99) - 1) / 100], max = sorted[^1] };
    }
}
