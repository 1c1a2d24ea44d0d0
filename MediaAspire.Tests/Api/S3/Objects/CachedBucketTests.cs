using MediaAspire.Api.S3.Access;
using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

/// <summary>A process that has cached a bucket obeys the changes of another process at once.</summary>
public sealed class CachedBucketTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string NobodyPuts =
        """
        {"Version":"2012-10-17","Statement":[
            {"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::first/*"}]}
        """;

    private const string EverybodyPuts =
        """
        {"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::first/*"}]}
        """;

    private readonly BucketCatalog _elsewhere = new(postgres.Database, TimeProvider.System);
    private S3TestHost _host = null!;
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        _bucket = await _host.CreateBucketAsync("first");
        await PutAsync(200);
        Assert.NotNull(_host.Service<BucketCache>().Find("first"));
        using var deleted = await _host.DeleteAsync("/first/a");
        await deleted.AssertStatusAsync(204);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task Versions_are_kept_as_soon_as_versioning_is_on(int size)
    {
        await PutAsync(200, size);
        await _elsewhere.SetVersioningAsync(_bucket.Id, BucketVersioning.Enabled, default);
        using var second = await _host.PutAsync("/first/a", new byte[size]);

        await second.AssertStatusAsync(200);
        Assert.NotNull(second.Header("x-amz-version-id"));
        Assert.Equal(2, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task A_policy_refuses_at_once()
    {
        await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, NobodyPuts, default);
        await PutAsync(403);
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM objects"));

        await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, null, default);
        await PutAsync(200);
    }

    [Fact]
    public async Task A_policy_allows_at_once()
    {
        await PutAsync(403, owner: "bob");
        await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, EverybodyPuts, default);
        await PutAsync(200, owner: "bob");
    }

    [Fact]
    public async Task Public_lists_are_refused_at_once()
    {
        await PutAsync(200, headers: ("x-amz-acl", "public-read"));
        await _elsewhere.SetDocumentAsync(
            _bucket.Id, BucketDocument.PublicAccessBlock, new PublicAccessBlock(true, false, false, false).ToJson(), default);
        await PutAsync(403, headers: ("x-amz-acl", "public-read"));
        await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.PublicAccessBlock, null, default);
        await PutAsync(200, headers: ("x-amz-acl", "public-read"));
    }

    [Fact]
    public async Task Locks_are_kept_as_soon_as_they_can_be_set()
    {
        (string, string) hold = ("x-amz-object-lock-legal-hold", "ON");
        await PutAsync(400, headers: hold);
        await _elsewhere.SetVersioningAsync(_bucket.Id, BucketVersioning.Enabled, default);
        await _elsewhere.SetObjectLockAsync(
            _bucket.Id, new ObjectLockConfiguration(new DefaultRetention(RetentionMode.Governance, Days: 1, Years: null)), default);
        await PutAsync(200, headers: hold);
        await PutAsync(200);

        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects WHERE legal_hold"));
        Assert.Equal(
            2, await _host.Files.CountAsync("SELECT count(*) FROM objects WHERE lock_mode = 'GOVERNANCE' AND retain_until > now()"));
    }

    [Fact]
    public async Task A_bucket_that_is_deleted_takes_nothing()
    {
        Assert.Equal(BucketDeletion.Deleted, await _elsewhere.DeleteAsync(_bucket.Id, default));

        using var refused = await _host.PutAsync("/first/a", new byte[1000]);

        await refused.AssertErrorAsync(404, "NoSuchBucket");
        Assert.Null(_host.Service<BucketCache>().Find("first"));
        await AssertNothingUnknownAsync();
    }

    [Theory]
    [InlineData("alice", 200)]
    [InlineData("bob", 403)]
    public async Task A_bucket_that_is_made_anew_is_its_new_owners(string owner, int status)
    {
        await _elsewhere.DeleteAsync(_bucket.Id, default);
        var other = await _elsewhere.TryCreateAsync("first", owner, "us-east-1", new Dictionary<BucketDocument, string>(), default);

        await PutAsync(status);

        var kept = await _host.Files.CountAsync($"SELECT count(*) FROM objects WHERE bucket_id = '{other!.Id.Value}'");
        Assert.Equal(status == 200 ? 1 : 0, kept);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public async Task What_changes_while_the_body_comes_is_obeyed_too(int size)
    {
        var body = new HeldContent(new byte[size]);
        using var request = _host.Request(HttpMethod.Put, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = body;
        var sending = _host.SendAsync(request);
        await PutAsync(200, key: "b");
        await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, NobodyPuts, default);
        body.Release();

        using var refused = await sending;

        await refused.AssertErrorAsync(403, "AccessDenied");
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        await AssertNothingUnknownAsync();
    }

    [Fact]
    public async Task No_put_that_begins_after_a_change_was_acknowledged_escapes_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var denied = false;
            var writers = Enumerable.Range(0, 4).Select(async writer =>
            {
                var refused = 0;
                while (refused < 3)
                {
                    var isDenied = Volatile.Read(ref denied);
                    using var put = await _host.PutAsync($"/first/{writer}", [1]);
                    Assert.True((int)put.StatusCode is 200 or 403);
                    Assert.False(isDenied && (int)put.StatusCode == 200);
                    refused += (int)put.StatusCode == 403 ? 1 : 0;
                }
            }).ToList();
            await PutAsync(200, key: "b");
            await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, NobodyPuts, default);
            Volatile.Write(ref denied, true);
            await Task.WhenAll(writers);
            await _elsewhere.SetDocumentAsync(_bucket.Id, BucketDocument.Policy, null, default);
        }
    }

    /// <summary>Asserts that the chunks on the node and the rows in the database match: nothing of a refused put is left.</summary>
    private async Task AssertNothingUnknownAsync() =>
        Assert.Equal(await _host.Files.CountAsync("SELECT count(*) FROM chunks"), _host.Cluster.Nodes.Sum(node => node.Files.Length));

    private async Task PutAsync(
        int status, int size = 1000, string owner = S3TestHost.Owner, string key = "a", params (string Name, string Value)[] headers)
    {
        using var put = await _host.SendAsync(HttpMethod.Put, $"/first/{key}", new byte[size], owner, headers);
        await put.AssertStatusAsync(status);
    }
}
