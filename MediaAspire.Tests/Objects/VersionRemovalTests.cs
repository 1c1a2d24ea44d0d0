using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

/// <summary>The function <c>remove_versions()</c>, by which deletions, lifecycle rules and overwrites remove versions.</summary>
public sealed class VersionRemovalTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private BucketId _bucket;

    public async Task InitializeAsync()
    {
        await ListingRows.ClearAsync(postgres);
        _bucket = (await ListingRows.CreateBucketAsync(postgres, BucketVersioning.Enabled)).Id;
    }

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Fact]
    public async Task Removing_the_latest_versions_of_several_keys_makes_the_newest_remaining_ones_the_latest()
    {
        var (oldA, newA) = (await AddAsync("a"), await AddAsync("a"));
        var (firstB, secondB, thirdB) = (await AddAsync("b"), await AddAsync("b"), await AddAsync("b"));
        var onlyC = await AddAsync("c");
        var (_, newD) = (await AddAsync("d"), await AddAsync("d"));

        await RemoveAsync(newA, thirdB, secondB, onlyC);

        Assert.Equal([oldA.Value, firstB.Value, newD.Value], await LatestAsync());
    }

    [Fact]
    public async Task Removing_a_noncurrent_version_leaves_the_latest_one()
    {
        var (old, latest) = (await AddAsync("a"), await AddAsync("a"));

        await RemoveAsync(old);

        Assert.Equal([latest.Value], await LatestAsync());
    }

    [Fact]
    public async Task Removing_a_delete_marker_makes_the_object_before_it_visible()
    {
        var hidden = await AddAsync("a");
        var marker = await ListingRows.AddVersionAsync(postgres, _bucket, "a", isMarker: true);

        await RemoveAsync(marker);

        Assert.Equal([hidden.Value], await LatestAsync());
    }

    [Fact]
    public async Task A_replaced_version_leaves_the_choice_of_the_latest_to_its_writer()
    {
        await AddAsync("a");
        var replaced = await AddAsync("a");

        await postgres.ExecuteAsync("SELECT remove_versions(ARRAY[$1], is_replaced => true)", replaced.Value);

        Assert.Empty(await LatestAsync());
        Assert.Equal(1, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects"));
    }

    private Task<VersionId> AddAsync(string key) => ListingRows.AddVersionAsync(postgres, _bucket, key);

    private async Task RemoveAsync(params VersionId[] versions) =>
        await postgres.ExecuteAsync("SELECT remove_versions($1)", versions.Select(version => version.Value).ToArray());

    /// <summary>Reads the latest versions, in the order of their keys.</summary>
    private async Task<Guid[]> LatestAsync() =>
        await postgres.ScalarAsync<Guid[]>("SELECT array(SELECT version_id FROM objects WHERE is_latest ORDER BY key)") ?? [];
}
