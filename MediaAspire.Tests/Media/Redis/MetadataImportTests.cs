using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Redis;

public sealed class MetadataImportTests(PostgresFixture postgres) : MetadataSyncTests(postgres)
{
    [Fact]
    public async Task What_a_restored_database_has_lost_is_imported_with_versions_above_those_that_clients_know()
    {
        var kept = await CreateAsync("kept");
        var changed = await CreateAsync("changed");
        await Postgres.ExecuteAsync("CREATE TABLE backup AS SELECT * FROM media");
        var deleted = await CreateAsync("deleted");
        var created = await CreateAsync("created", "x");
        var withAlias = await CreateAsync("with alias", "y");
        for (var i = 0; i < 5; i++)
        {
            changed = await Replica.Store.ChangeAsync(changed.Id, item => item with { Description = $"{i}" });
        }

        await Replica.Store.DeleteAsync(deleted.Id);
        await RestoreAsync(changed.Id.Value);
        var source = Replica.Lease.Last!.Nonce;
        await Replica.OpenAsync();
        var taken = await Replica.Store.CreateAsync(NewMedia.Of("a", "takes the alias") with { Alias = new("y") });

        var plan = await ImportAsync(source, isDryRun: true);
        Assert.Equal(new Dictionary<string, long> { ["equal"] = 1, ["missing"] = 2, ["older"] = 1 }, plan.Counts);
        Assert.Null(await Replica.Postgres.FindAsync(created.Id, default));

        await Replica.Lease.CloseAsync(Replica.Lease.Last!, "An import.", default);
        var done = await ImportAsync(source, isDryRun: false);

        Assert.Equal((2, 1), (done.Of("imported"), done.Of("imported-without-alias")));
        await AssertImportedAsync(changed);
        await AssertImportedAsync(created);
        await AssertImportedAsync(withAlias with { Alias = null });
        Assert.Null(await Replica.Postgres.FindAsync(deleted.Id, default));
        Assert.Equal(taken.Id, (await Replica.Postgres.FindByAliasAsync(new("a"), new("y"), default))!.Id);
        Assert.Equal(kept.Version, (await Replica.Postgres.FindAsync(kept.Id, default))!.Version);
        await using var deletions = Postgres.Database.CreateCommand("SELECT count(*) FROM media_object_deletions WHERE object_key = $1");
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
        var source = Replica.Lease.Last!.Nonce;
        await Replica.Lease.CloseAsync(Replica.Lease.Last!, "An import.", default);
        await Replica.Store.DescribeAsync(item.Id, "newer");

        var tally = await ImportAsync(source, isDryRun: false);

        Assert.Equal(1, tally.Of("newer"));
        Assert.Equal("newer", await Replica.Store.ReadAsync(item.Id));
    }

    [Fact]
    public async Task An_import_closes_a_generation_that_another_worker_has_opened()
    {
        var item = await CreateAsync("one");
        var source = Replica.Lease.Last!.Nonce;
        await Replica.Lease.CloseAsync(Replica.Lease.Last!, "An import.", default);
        await Postgres.ExecuteAsync("DELETE FROM media");
        await Replica.OpenAsync();

        await ImportAsync(source, isDryRun: false);

        Assert.False((await Replica.Table.ReadAsync(default)).IsHot);
        Assert.NotNull(await Replica.Postgres.FindAsync(item.Id, default));
    }

    private async Task<MediaItem> CreateAsync(string name, string? alias = null)
    {
        var item = await Replica.Store.CreateAsync(
            NewMedia.Of("a", name) with { Alias = alias is null ? null : new MediaAlias(alias) });
        await Replica.Store.ReadAsync(item.Id);
        return item;
    }

    private async Task RestoreAsync(Guid changed)
    {
        await Postgres.ExecuteAsync(
            $"""
            DELETE FROM media WHERE media_id NOT IN (SELECT media_id FROM backup);
            ALTER TABLE media DISABLE TRIGGER media_keeps_version;
            UPDATE media SET version = 1, description = NULL WHERE media_id = '{changed}';
            ALTER TABLE media ENABLE TRIGGER media_keeps_version;
            UPDATE metadata_generation SET mode = 'bypass'
            """);
        await Replica.Lease.RenewAsync(default);
    }

    private async Task AssertImportedAsync(MediaItem expected)
    {
        var found = (await Replica.Postgres.FindAsync(expected.Id, default))!;
        Assert.True(found.Version > expected.Version, $"{found.Version} is not above {expected.Version}.");
        Assert.Equivalent(
            expected with { Version = 0, UpdatedAt = default }, found with { Version = 0, UpdatedAt = default }, strict: true);
    }

    private async Task<MetadataTally> ImportAsync(string source, bool isDryRun)
    {
        var tally = new MetadataTally();
        await Replica.Import.RunAsync(source, isDryRun, tally, () => Task.CompletedTask, default);
        return tally;
    }
}
