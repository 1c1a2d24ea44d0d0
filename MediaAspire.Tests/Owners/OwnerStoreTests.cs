using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Owners;

public sealed class OwnerStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task Owners_are_created_once_found_and_listed_by_their_bytes()
    {
        await postgres.ClearAsync("owners");
        var store = new OwnerStore(postgres.Database);

        Assert.Equal("Åsa", (await store.CreateAsync(new OwnerId("b"), "Åsa", s_none))!.DisplayName);
        Assert.Null(await store.CreateAsync(new OwnerId("b"), "Bo", s_none));
        await store.EnsureAsync(new OwnerId("b"), "Bo", s_none);
        await store.EnsureAsync(new OwnerId("B"), "Bo", s_none);
        await store.EnsureAsync(new OwnerId("a+c@x.y:1"), "Cy", s_none);

        Assert.Equal("Åsa", (await store.FindAsync(new OwnerId("b"), s_none))!.DisplayName);
        Assert.Null(await store.FindAsync(new OwnerId("c"), s_none));
        Assert.Equal(["B", "a+c@x.y:1"], (await store.ListAsync("", 2, s_none)).Select(owner => owner.Id.Value));
        Assert.Equal(["b"], (await store.ListAsync("a+c@x.y:1", 2, s_none)).Select(owner => owner.Id.Value));
        await Assert.ThrowsAsync<ArgumentException>(() => store.CreateAsync(new OwnerId("d"), "a\u0007", s_none));
    }
}
