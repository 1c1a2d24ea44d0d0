using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

public sealed class ObjectListingsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Samples = 400;

    private readonly ObjectListings _listings = new(postgres.Database);

    public Task InitializeAsync() => ListingRows.ClearAsync(postgres);

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Fact]
    public async Task ListAsync_AnyKeysAndQuery_ListsWhatTheModelLists()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        var keys = Sample(ListingModel.Text(1, 6), 300).Distinct().ToArray();
        await ListingRows.AddAsync(postgres, bucket.Id, keys);
        var pages = 0;
        foreach (var query in Sample(Query(bucket.Id, keys), Samples))
        {
            // Every page of the listing, until the last.
            for (var next = query; next is not null;)
            {
                var expected = ListingModel.List(keys, next);
                var page = await _listings.ListAsync(next, CancellationToken.None);

                Assert.Equal(expected.Entries, page.Entries.Select(entry => entry.Key));
                Assert.Equal(expected.CommonPrefixes, page.CommonPrefixes);
                Assert.Equal(expected.Next, page.Next);
                next = page.Next is null ? null : next with { After = page.Next };
                pages++;
            }
        }

        Assert.True(pages > 2 * Samples, $"Only {pages} pages were listed.");
    }

    [Fact]
    public async Task ListAsync_MarkerOfAnyKind_GoesOnBehindIt()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        await ListingRows.AddAsync(postgres, bucket.Id, ["a/1", "a/2", "a0", "b"]);
        var query = new ListingQuery(bucket.Id, 10) { Delimiter = "/" };

        Assert.Equal(["a0", "b"], await KeysAsync(query with { After = new("a/", IsPrefix: true) }));
        Assert.Equal(["a/", "a0", "b"], await KeysAsync(query with { After = new("a/1", IsPrefix: false) }));
        Assert.Equal(["b"], await KeysAsync(query with { After = new("a0", IsPrefix: false) }));
        Assert.Equal(["b"], await KeysAsync(query with { After = new("a0\0c", IsPrefix: false) }));
        Assert.Equal([], await KeysAsync(query with { After = new("\U0010ffff", IsPrefix: true) }));
    }

    [Fact]
    public async Task ListAsync_DeletedObjectsAndOtherBuckets_AreNotListed()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        var other = await ListingRows.CreateBucketAsync(postgres);
        await ListingRows.AddAsync(postgres, bucket.Id, ["kept"]);
        await ListingRows.AddAsync(postgres, other.Id, ["elsewhere"]);
        await ListingRows.AddVersionAsync(postgres, bucket.Id, "deleted");
        await ListingRows.AddVersionAsync(postgres, bucket.Id, "deleted", isMarker: true);
        await ListingRows.AddVersionAsync(postgres, bucket.Id, "gone/1", isMarker: true);

        Assert.Equal(["kept"], await KeysAsync(new ListingQuery(bucket.Id, 10) { Delimiter = "/" }));
    }

    [Theory]
    [InlineData("a\0b", "", 0)]
    [InlineData("", "\0", 2)]
    public async Task ListAsync_NulInTheQuery_IsNowhere(string prefix, string delimiter, int listed)
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        await ListingRows.AddAsync(postgres, bucket.Id, ["a", "ab"]);

        Assert.Equal(listed, (await KeysAsync(new ListingQuery(bucket.Id, 10) { Prefix = prefix, Delimiter = delimiter })).Count);
    }

    [Fact]
    public async Task ListAsync_PrefixOfTheHighestCodePoint_IsBounded()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        var longest = string.Concat(Enumerable.Repeat("\U0010ffff", 256));
        await ListingRows.AddAsync(postgres, bucket.Id, ["a", "a\U0010ffff", "b", longest]);

        Assert.Equal(["a\U0010ffff"], await KeysAsync(new ListingQuery(bucket.Id, 10) { Prefix = "a\U0010ffff" }));
        Assert.Equal([longest], await KeysAsync(new ListingQuery(bucket.Id, 10) { Prefix = "\U0010ffff" }));
        Assert.Equal([longest], await KeysAsync(new ListingQuery(bucket.Id, 10) { Prefix = "\U0010ffff", Delimiter = longest }));
    }

    private static T[] Sample<T>(Gen<T> gen, int count) => [.. gen.Sample(count, count)];

    private static Gen<ListingQuery> Query(BucketId bucket, string[] keys) =>
        from prefix in ListingModel.Text(0, 2)
        from delimiter in ListingModel.Text(0, 2)
        from most in Gen.Choose(0, 12)
        from marker in Gen.OneOf(
            Gen.Constant<string?>(null),
            Gen.Elements(keys).Select(key => (string?)key),
            ListingModel.Text(1, 4).Select(text => (string?)text))
        from isPrefix in Gen.Elements(true, false)
        select new ListingQuery(bucket, most)
        {
            Prefix = prefix,
            Delimiter = delimiter,
            After = marker is null ? null : new(marker, isPrefix),
        };

    private async Task<IReadOnlyList<string>> KeysAsync(ListingQuery query)
    {
        var page = await _listings.ListAsync(query, CancellationToken.None);
        var keys = page.CommonPrefixes.Concat(page.Entries.Select(entry => entry.Key));
        return [.. keys.Order(Comparer<string>.Create(ListingModel.Compare))];
    }
}
