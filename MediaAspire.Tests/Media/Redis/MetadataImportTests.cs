using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Redis;

public sealed class MetadataImportTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestRedis _redis = null!;
    private MetadataReplica _replica = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        _replica = await MetadataReplica.StartAsync(postgres, _redis);
        await _replica.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_a_restored_database_has_lost_is_imported_with_versions_above_those_that_clients_know()
    {
        var kept = await CreateAsync("kept");
        var changed = await CreateAsync("changed");
        await postgres.ExecuteAsync("CREATE TABLE backup AS SELECT * FROM media");
        var deleted = await CreateAsync("deleted");
        var created = await CreateAsync("created", "x");
        var withAlias = await CreateAsync("with alias", "y");
        for (var i = 0; i < 5; i++)
        {
            changed = await _replica.Store.ChangeAsync(changed.Id, item => item with { Description = $"{i}" });
        }

        await _replica.Store.DeleteAsync(deleted.Id);
        await RestoreAsync(changed.Id.Value);
        var source = _replica.Lease.Last!.Nonce;
        await _replica.OpenAsync();
        var taken = await _replica.Store.CreateAsync(NewMedia.Of("a", "takes the alias") with { Alias = new("y") });

        var plan = await ImportAsync(source, isDryRun: true);
        Assert.Equal(new Dictionary<string, long> { ["equal"] = 1, ["missing"] = 2, ["older"] = 1 }, plan.Counts);
        Assert.Null(await _replica.Postgres.FindAsync(created.Id, default));

        await _replica.Lease.CloseAsync(_replica.Lease.Last!, "An import.", default);
        var done = await ImportAsync(source, isDryRun: false);

        Assert.Equal((2, 1), (done.Of("imported"), done.Of("imported-without-alias")));
        await AssertImportedAsync(changed);
        await AssertImportedAsync(created);
        await AssertImportedAsync(withAlias with { Alias = null });
        Assert.Null(await _replica.Postgres.FindAsync(deleted.Id, default));
        Assert.Equal(taken.Id, (await _replica.Postgres.FindByAliasAsync(new("a"), new("y"), default))!.Id);
        Assert.Equal(kept.Version, (await _replica.Postgres.FindAsync(kept.Id, default))!.Version);
        await using var deletions = postgres.Database.CreateCommand("SELECT count(*) FROM media_object_deletions WHERE object_key = $1");
        deletions.Parameters.Add(new() { Value = created.Parts[0].ObjectKey });
        Assert.Equal(0L, await deletions.ExecuteScalarAsync());

        var again = await ImportAsync(source, isDryRun: false);
        Assert.Equal(4, again.Of("newer") + again.Of("equal"));
        Assert.Equal(0, again.Of("imported"));
    }

    [Fact]
    public async Task An_item_that_was_changed_after_the_restore_stays_as_it_is()
    {
        var item = await CreateAsync("one");
        var source = _replica.Lease.Last!.Nonce;
        await _replica.Lease.CloseAsync(_replica.Lease.Last!, "An import.", default);
        await _replica.Store.DescribeAsync(item.Id, "newer");

        var tally = await ImportAsync(source, isDryRun: false);

        Assert.Equal(1, tally.Of("newer"));
        Assert.Equal("newer", await _replica.Store.ReadAsync(item.Id));
    }

    [Fact]
    public async Task An_import_closes_a_generation_that_another_worker_has_opened()
    {
        var item = await CreateAsync("one");
        var source = _replica.Lease.Last!.Nonce;
        await _replica.Lease.CloseAsync(_replica.Lease.Last!, "An import.", default);
        await postgres.ExecuteAsync("DELETE FROM media");
        await _replica.OpenAsync();

        await ImportAsync(source, isDryRun: false);

        Assert.False((await _replica.Table.ReadAsync(default)).IsHot);
        Assert.NotNull(await _replica.Postgres.FindAsync(item.Id, default));
    }

    private async Task<MediaItem> CreateAsync(string name, string? alias = null)
    {
        var item = await _replica.Store.CreateAsync(
            NewMedia.Of("a", name) with { Alias = alias is null ? null : new MediaAlias(alias) });
        await _replica.Store.ReadAsync(item.Id);
        return item;
    }

    private async Task RestoreAsync(Guid changed)
    {
        await postgres.ExecuteAsync(
            $"""
            DELETE FROM media WHERE media_id NOT IN (SELECT media_id FROM backup);
            ALTER TABLE media DISABLE TRIGGER media_keeps_version;
            UPDATE media SET version = 1, description = NULL WHERE media_id = '{changed}';
            ALTER TABLE media ENABLE TRIGGER media_keeps_version;
            UPDATE metadata_generation SET mode = 'bypass'
            """);
        await _replica.Lease.RenewAsync(default);
    }

    private async Task AssertImportedAsync(MediaItem expected)
    {
        var found = (await _replica.Postgres.FindAsync(expected.Id, default))!;
        Assert.True(found.Version > expected.Version, $"{found.Version} is not above {expected.Version}.");
        Assert.Equivalent(
            expected with { Version = 0, UpdatedAt = default }, found with { Version = 0, UpdatedAt = default }, strict: true);
    }

    private async Task<MetadataTally> ImportAsync(string source, bool isDryRun)
    {
        var tally = new MetadataTally();
        await _replica.Import.RunAsync(source, isDryRun, tally, () => Task.CompletedTask, default);
        return tally;
    }
}
