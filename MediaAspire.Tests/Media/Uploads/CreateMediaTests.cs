using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Uploads;

public sealed class CreateMediaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Limited = "quinn";

    private static readonly CancellationToken s_none = CancellationToken.None;

    private UploadWorld _world = null!;

    [Fact]
    public async Task An_item_waits_for_its_parts_and_has_an_address_for_each()
    {
        var input = UploadWorld.Input("one", "two") with { Alias = "sun", Tags = ["A", "a", "b"], Access = "public", Expires = 60 };

        var created = Assert.IsType<CreateResult.Created>(await _world.CreateAsync(input));

        var item = created.Item;
        Assert.Equal(
            (MediaStatus.Pending, true, new MediaAlias("sun"), 6L, 1L), (item.Status, item.IsPublic, item.Alias, item.Size, item.Version));
        Assert.Equal(["a", "b"], item.Tags.ToArray());
        Assert.Equal(item.Parts.Select(part => part.ObjectKey), created.Uploads.Select(upload => upload.Part.ObjectKey));
        Assert.All(item.Parts, part => Assert.True(ObjectKeys.TryParse(part.ObjectKey, out var of) && of == item.Id));
        Assert.InRange(item.Parts[0].UploadUntil!.Value - item.CreatedAt, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(70));
        Assert.InRange(item.ExpiresAt!.Value - item.CreatedAt, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        Assert.Empty(await _world.JobsAsync());
    }

    [Fact]
    public async Task Of_twenty_requests_for_an_alias_one_wins_and_the_others_are_told_which()
    {
        var input = UploadWorld.Input("one") with { Alias = "sun", Multipart = true };

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _world.CreateAsync(input)));

        var winner = Assert.Single(results.OfType<CreateResult.Created>()).Item;
        var losers = results.OfType<CreateResult.AliasTaken>().ToArray();
        Assert.Equal(19, losers.Length);
        Assert.All(losers, loser => Assert.Equal(new AliasConflict(new MediaOwner("alice"), winner.Id), loser.Conflict));
        Assert.Equal([winner.Parts[0].ObjectKey], _world.Objects.Uploads);
        Assert.IsType<CreateResult.Created>(await _world.CreateAsync(input, owner: "bob"));
    }

    [Fact]
    public async Task An_item_refers_to_ready_items_of_its_owner_only()
    {
        var pending = await _world.CreateAsync("one");
        var input = UploadWorld.Input("two") with { References = [$"{pending.Id}"] };

        var refused = Assert.IsType<CreateResult.ReferencesRefused>(await _world.CreateAsync(input));
        Assert.Contains(new ReferenceFault(pending.Id, ReferenceReason.NotReady), refused.Faults);
        await _world.ExecuteAsync("UPDATE media SET status = 3, is_public = true");
        Assert.Equal(
            ReferenceReason.OtherOwner,
            Assert.IsType<CreateResult.ReferencesRefused>(await _world.CreateAsync(input, owner: "bob")).Faults[0].Reason);
        Assert.Equal(pending.Id, Assert.Single(Assert.IsType<CreateResult.Created>(await _world.CreateAsync(input)).Item.References));
        Assert.Equal(
            ReferenceReason.ReferencedElsewhere,
            Assert.IsType<CreateResult.ReferencesRefused>(await _world.CreateAsync(input)).Faults[0].Reason);
    }

    [Fact]
    public async Task A_race_of_creates_never_exceeds_a_quota_and_deletions_free_it()
    {
        var quotas = await LimitAsync(Limited, bytes: 30);

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => TryCreateAsync("one")));

        Assert.Equal(10, results.Count(created => created));
        Assert.Equal(new QuotaUsage(30, 10), (await quotas.FindAsync(QuotaScope.Of(new OwnerId(Limited)), s_none))!.Usage);
        Assert.Equal(new QuotaUsage(30, 10), await quotas.MeasureAsync(QuotaScope.Of(new OwnerId(Limited)), s_none));
        Assert.IsType<CreateResult.Created>(await _world.CreateAsync(UploadWorld.Input("more than all"), owner: "carol"));

        await _world.ExecuteAsync("DELETE FROM media WHERE media_id IN (SELECT media_id FROM media WHERE owner = 'quinn' LIMIT 4)");
        Assert.Equal(new QuotaUsage(18, 6), (await quotas.FindAsync(QuotaScope.Of(new OwnerId(Limited)), s_none))!.Usage);
        Assert.True(await TryCreateAsync("twelve bytes"));
        Assert.False(await TryCreateAsync("1"));
        Assert.Equal(default, await new QuotaCounter(postgres.Database, TimeProvider.System).AuditAsync(await QuotaIdAsync(), s_none));
    }

    public async Task InitializeAsync() => _world = await UploadWorld.OpenAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private async Task<bool> TryCreateAsync(string content)
    {
        try
        {
            return await _world.CreateAsync(UploadWorld.Input(content), Limited) is CreateResult.Created;
        }
        catch (QuotaExceededException)
        {
            return false;
        }
    }

    private async Task<QuotaCatalog> LimitAsync(string owner, long bytes)
    {
        await new OwnerStore(postgres.Database).CreateAsync(new OwnerId(owner), owner, s_none);
        var quotas = new QuotaCatalog(postgres.Database, TimeProvider.System);
        var id = await quotas.SetAsync(QuotaScope.Of(new OwnerId(owner)), new QuotaLimits(bytes, null), s_none);
        await new QuotaCounter(postgres.Database, TimeProvider.System).CountAsync(id!.Value, s_none);
        return quotas;
    }

    private async Task<Guid> QuotaIdAsync()
    {
        await using var command = postgres.Database.CreateCommand("SELECT quota_id FROM quotas");
        return (Guid)(await command.ExecuteScalarAsync())!;
    }
}
