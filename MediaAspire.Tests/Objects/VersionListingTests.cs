using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

public sealed class VersionListingTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Samples = 400;

    private readonly ObjectListings _listings = new(postgres.Database);

    public Task InitializeAsync() => ListingRows.ClearAsync(postgres);

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Fact]
    public async Task ListVersionsAsync_AnyVersionsAndQuery_ListsWhatTheModelLists()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres, BucketVersioning.Enabled);
        var other = await ListingRows.CreateBucketAsync(postgres, BucketVersioning.Enabled);
        await ListingRows.AddVersionAsync(postgres, other.Id, "a");
        var rows = await AddAsync(bucket.Id);
        var pages = 0;
        foreach (var query in Query(bucket.Id, rows).Sample(Samples, Samples))
        {
            // Every page of the listing, until the last.
            for (var next = query; next is not null;)
            {
                var expected = ListingModel.ListVersions(rows, next);
                var page = await _listings.ListVersionsAsync(next, CancellationToken.None);

                Assert.Equal(expected.Entries, page.Entries.Select(Row));
                Assert.Equal(expected.CommonPrefixes, page.CommonPrefixes);
                Assert.Equal(expected.Next, page.Next);
                next = page.Next is null ? null : next with { After = page.Next };
                pages++;
            }
        }

        Assert.True(pages > 4 * Samples, $"Only {pages} pages were listed.");
    }

    private static ListedRow Row(ListedVersion version) =>
        new(version.Key, version.Id, version.IsNull, version.IsDeleteMarker, version.IsLatest);

    /// <summary>Adds up to six versions of many keys, one after the other, of which at most one is the null version.</summary>
    private async Task<List<ListedRow>> AddAsync(BucketId bucket)
    {
        var rows = new List<ListedRow>();
        var gen =
            from key in ListingModel.Text(1, 4)
            from isNull in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            from isMarker in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (key, isNull, isMarker);
        foreach (var (key, isNull, isMarker) in gen.Sample(250, 250))
        {
            var mayBeNull = isNull && !rows.Exists(row => row.Key == key && row.IsNull);
            var id = await ListingRows.AddVersionAsync(postgres, bucket, key, mayBeNull, isMarker);
            rows =
            [
                .. rows.Select(row => row.Key == key ? row with { IsLatest = false } : row),
                new(key, id, mayBeNull, isMarker, IsLatest: true),
            ];
        }

        Assert.True(rows.GroupBy(row => row.Key).Count(versions => versions.Count() > 2) > 5);
        return rows;
    }

    private static Gen<ListingQuery> Query(BucketId bucket, List<ListedRow> rows) =>
        from prefix in ListingModel.Text(0, 2)
        from delimiter in ListingModel.Text(0, 1)
        from most in Gen.Choose(0, 9)
        let query = new ListingQuery(bucket, most) { Prefix = prefix, Delimiter = delimiter }
        from after in After(rows)
        select query with { After = Grouped(query, after) };

    private static Gen<ListingPosition?> After(List<ListedRow> rows)
    {
        var places = Gen.Elements<ListedRow>(rows).Select(row => row.Position);
        var unknown = VersionId.New(TimeProvider.System);
        return Gen.OneOf(
            Gen.Constant<ListingPosition?>(null),
            ListingModel.Text(1, 3).Select(text => new ListingPosition(text, IsPrefix: false)).Select(Maybe),
            ListingModel.Text(1, 3).Select(text => new ListingPosition(text, IsPrefix: true)).Select(Maybe),
            places.Select(Maybe),
            places.Select(place => place with { Version = unknown, IsNullVersion = false }).Select(Maybe),
            places.Select(place => place with { Version = null, IsNullVersion = true }).Select(Maybe));

        static ListingPosition? Maybe(ListingPosition place) => place;
    }

    // A position after a version with a common prefix is after all versions with that prefix, as in the API.
    private static ListingPosition? Grouped(ListingQuery query, ListingPosition? after) =>
        after is { IsPrefix: false } && query.CommonPrefixOf(after.Text) is { } common ? new(common, IsPrefix: true) : after;
}
