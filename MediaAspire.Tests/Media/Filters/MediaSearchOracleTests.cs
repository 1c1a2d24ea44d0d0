using System.Globalization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Filters;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Media.Filters;

/// <summary>Searches in PostgreSQL against a look at every item.</summary>
/// <remarks>
/// <c>MEDIAASPIRE_FILTERS=100000</c> runs that many filters on 20,000 items, and <c>MEDIAASPIRE_SEED</c> repeats a run.
/// </remarks>
public sealed class MediaSearchOracleTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int PagesOfFilter = 3;

    private static readonly int[] s_limits = [1, 3, 10, 10, 40, 100];

    [Fact]
    public async Task Random_filters_find_what_a_look_at_every_item_finds()
    {
        var wanted = Setting("MEDIAASPIRE_FILTERS");
        var seed = Setting("MEDIAASPIRE_SEED") ?? Random.Shared.Next();
        var random = new Random(seed);
        var catalog = new RandomCatalog(random);
        var items = await catalog.FillAsync(postgres, wanted is null ? 1_500 : 20_000);
        var oracle = new FilterOracle(items);
        var filters = new RandomFilters(random, items, catalog);

        // Short walks, so that both ways of finding a page are taken; and those of the product.
        var options = Options.Create(new MediaSearchOptions());
        using var shortWalks = new PostgresMediaSearch(postgres.Database, options) { Bounds = new(60, 20, 12, 10) };
        using var longWalks = new PostgresMediaSearch(postgres.Database, options);

        var (pages, found) = (0, 0);
        for (var count = wanted ?? 600; count > 0; count--)
        {
            var filter = filters.Next();
            var expected = oracle.List(filter);
            MediaPosition? after = null;
            var limit = s_limits[random.Next(s_limits.Length)];
            for (var page = 0; page < PagesOfFilter && (page == 0 || after is not null); page++)
            {
                var search = random.Next(3) == 0 ? longWalks : shortWalks;
                var result = await search.SearchAsync(new(filter, limit, after, null), CancellationToken.None);
                var rest = expected.Skip(page * limit).ToList();
                var isEqual = result.Status == SearchStatus.Found
                    && Ids(result.Items).SequenceEqual(Ids(rest.Take(limit))) && result.Next is null == rest.Count <= limit;
                Assert.True(isEqual, $"Seed {seed}: {Describe(filter, limit, page, result, rest)}");
                after = result.Next is null ? null : MediaPosition.Parse(result.Next.Format(filter), filter)!;
                pages++;
                found += result.Items.Length;
            }
        }

        output.WriteLine($"seed {seed}: {wanted ?? 600} filters, {pages} pages, {found} items found");
        Assert.True(found > pages, "The filters found too little to mean anything.");
    }

    [Fact]
    public async Task Pages_by_offset_are_those_of_a_look_at_every_item()
    {
        var seed = Setting("MEDIAASPIRE_SEED") ?? Random.Shared.Next();
        var random = new Random(seed);
        var catalog = new RandomCatalog(random);
        var items = await catalog.FillAsync(postgres, 200);
        items = await RandomCatalog.ReadAsync(postgres.Database);
        var oracle = new FilterOracle(items);
        var filters = new RandomFilters(random, items, catalog);
        using var search = new PostgresMediaSearch(postgres.Database, Options.Create(new MediaSearchOptions()));

        for (var count = 150; count > 0; count--)
        {
            var filter = filters.Next();
            var expected = oracle.List(filter);
            var (offset, limit) = (random.Next(40), 1 + random.Next(20));

            var result = await search.SearchAsync(new(filter, limit, null, offset), CancellationToken.None);

            Assert.True(
                result.Count == expected.Count && Ids(result.Items).SequenceEqual(Ids(expected.Skip(offset).Take(limit))),
                $"Seed {seed}: {Describe(filter, limit, offset, result, expected)}");
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<MediaId> Ids(IEnumerable<MediaItem> items) => items.Select(item => item.Id);

    private static string Describe(MediaFilter filter, int limit, int page, MediaSearchResult result, List<MediaItem> expected)
    {
        var conditions = filter.Conditions.Select(condition => $"{condition.Field.Name} {condition.Operator} {Show(condition.Value)}");
        return $"{string.Join(" and ", conditions)}; without {string.Join(',', filter.Without)}; "
            + $"match {filter.Match?.Text} in {string.Join(',', filter.Match?.Fields.Select(field => field.Name) ?? [])}; "
            + $"temp {filter.IsTemporary}; {filter.Order}; limit {limit}, page {page}: {result.Status}, {result.Items.Length} of "
            + $"{expected.Count} items, next {result.Next}";
    }

    private static string Show(object value) => value is IEnumerable<string> texts ? string.Join(',', texts) : value.ToString()!;
}
