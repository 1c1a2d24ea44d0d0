using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Api.Admin;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace MediaAspire.Tests.Api.Admin;

/// <summary>An operator finds the locks that keep a bucket from being emptied, and releases them.</summary>
public sealed class ObjectLockEndpointsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        await ListingRows.ClearAsync(postgres);
        _app = await AdminHost.StartAsync(postgres, builder => builder.AddObjects(), admin => admin.MapObjectLocks());
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await ListingRows.ClearAsync(postgres);
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_emptied_is_emptied_by_what_is_listed()
    {
        var bucket = await LockedRows.CreateBucketAsync(postgres);
        var held = await LockedRows.PutAsync(postgres, bucket.Id, "held", new(Retention: null, LegalHold: true));
        var retention = new Retention(RetentionMode.Governance, await LockedRows.InDaysAsync(postgres, 9));
        var kept = await LockedRows.PutAsync(postgres, bucket.Id, "kept", new(retention, LegalHold: null));
        await LockedRows.PutAsync(postgres, bucket.Id, "free");
        var (objects, locks) = (new ObjectCatalog(postgres.Database, TimeProvider.System), new ObjectLocks(postgres.Database));

        var first = await GetAsync($"/admin/buckets/{bucket.Name}/locked-versions?limit=1", HttpStatusCode.OK);
        Assert.Equal("alice", first.GetProperty("ownerId").GetString());
        AssertVersion(first, "held", held.ToString(), mode: null, isHeld: true);
        var next = first.GetProperty("next").GetString();
        var second = await GetAsync($"/admin/buckets/{bucket.Name}/locked-versions?limit=1&after={next}", HttpStatusCode.OK);
        AssertVersion(second, "kept", kept.ToString(), "GOVERNANCE", isHeld: false);

        await locks.SetLegalHoldAsync(held, isOn: false, CancellationToken.None);
        await objects.DeleteVersionAsync(
            bucket.Id, "kept", kept, DeletionConditions.None with { BypassesGovernance = true }, CancellationToken.None);
        var rest = await GetAsync($"/admin/buckets/{bucket.Name}/locked-versions", HttpStatusCode.OK);
        Assert.Empty(rest.GetProperty("versions").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("none/locked-versions", HttpStatusCode.NotFound, "bucket-not-found")]
    [InlineData("none/locked-versions?limit=0", HttpStatusCode.BadRequest, "limit-out-of-range")]
    [InlineData("none/locked-versions?limit=1001", HttpStatusCode.BadRequest, "limit-out-of-range")]
    [InlineData("none/locked-versions?after=x", HttpStatusCode.BadRequest, "version-id-invalid")]
    public async Task List_BadInput_SaysWhatIsWrong(string target, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await GetAsync($"/admin/buckets/{target}", status)).GetProperty("code").GetString());

    private static void AssertVersion(JsonElement page, string key, string version, string? mode, bool isHeld)
    {
        var listed = Assert.Single(page.GetProperty("versions").EnumerateArray());
        Assert.Equal(key, listed.GetProperty("key").GetString());
        Assert.Equal(version, listed.GetProperty("versionId").GetString());
        Assert.Equal(mode, listed.GetProperty("mode").GetString());
        Assert.Equal(isHeld, listed.GetProperty("legalHold").GetBoolean());
        Assert.Equal(mode is null, listed.GetProperty("retainUntil").ValueKind == JsonValueKind.Null);
    }

    private async Task<JsonElement> GetAsync(string target, HttpStatusCode status)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        using var response = await client.GetAsync(new Uri(target, UriKind.Relative));
        Assert.Equal(status, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
