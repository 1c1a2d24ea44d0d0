using System.Net;
using System.Text;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Lifecycle;

public sealed class LifecycleOperationsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Rules =
        "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + "<Rule><ID>r 1</ID><Prefix>logs/</Prefix><Status>Enabled</Status>"
        + "<Expiration><Days>2</Days></Expiration></Rule></LifecycleConfiguration>";

    [Fact]
    public async Task Rules_are_set_read_replaced_and_deleted()
    {
        await using var s3 = await S3TestHost.StartAsync(postgres);
        await s3.CreateBucketAsync("photos");
        await (await s3.GetAsync("/photos?lifecycle")).AssertErrorAsync(404, "NoSuchLifecycleConfiguration");

        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(Rules))).StatusCode);
        Assert.EndsWith(Rules, await (await s3.GetAsync("/photos?lifecycle")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(Rules.Replace("logs/", "tmp/", StringComparison.Ordinal)));
        using var changed = await s3.GetAsync("/photos?lifecycle");
        Assert.Contains("<Prefix>tmp/</Prefix>", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await s3.DeleteAsync("/photos?lifecycle")).StatusCode);
        await (await s3.GetAsync("/photos?lifecycle")).AssertErrorAsync(404, "NoSuchLifecycleConfiguration");
        Assert.Equal(HttpStatusCode.NoContent, (await s3.DeleteAsync("/photos?lifecycle")).StatusCode);
    }

    [Fact]
    public async Task Rules_that_are_refused_leave_the_old_ones_in_force()
    {
        await using var s3 = await S3TestHost.StartAsync(postgres);
        await s3.CreateBucketAsync("photos");
        await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(Rules));

        var rules = Rules.Replace("<Days>2</Days>", "<Days>0</Days>", StringComparison.Ordinal);
        var refused = await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(rules));

        await refused.AssertErrorAsync(400, "InvalidArgument");
        Assert.EndsWith(Rules, await (await s3.GetAsync("/photos?lifecycle")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_buckets_owner_sees_and_sets_rules()
    {
        await using var s3 = await S3TestHost.StartAsync(postgres);
        await s3.CreateBucketAsync("photos");
        await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(Rules));

        foreach (var owner in new[] { "mallory", null })
        {
            await (await s3.SendAsync(HttpMethod.Get, "/photos?lifecycle", null, owner)).AssertErrorAsync(403, "AccessDenied");
            using var put = await s3.SendAsync(HttpMethod.Put, "/photos?lifecycle", Encoding.UTF8.GetBytes(Rules), owner);
            await put.AssertErrorAsync(403, "AccessDenied");
            await (await s3.SendAsync(HttpMethod.Delete, "/photos?lifecycle", null, owner)).AssertErrorAsync(403, "AccessDenied");
        }

        await (await s3.GetAsync("/nowhere?lifecycle")).AssertErrorAsync(404, "NoSuchBucket");
    }

    [Fact]
    public async Task Puts_and_reads_tell_when_an_object_expires()
    {
        await using var s3 = await S3TestHost.StartAsync(postgres);
        await s3.CreateBucketAsync("photos");
        await s3.PutAsync("/photos?lifecycle", Encoding.UTF8.GetBytes(Rules));

        var told = (await s3.PutAsync("/photos/logs/a", [1, 2, 3])).Header(ExpirationHeader.Name);

        Assert.Matches("^expiry-date=\"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} 00:00:00 GMT\", rule-id=\"r%201\"$", told);
        Assert.Equal(told, (await s3.GetAsync("/photos/logs/a")).Header(ExpirationHeader.Name));
        Assert.Equal(told, (await s3.HeadAsync("/photos/logs/a")).Header(ExpirationHeader.Name));
        using var copied = await s3.PutAsync("/photos/logs/b", [], ("x-amz-copy-source", "/photos/logs/a"));
        Assert.Equal(told, copied.Header(ExpirationHeader.Name));
        Assert.Null((await s3.PutAsync("/photos/copied", [], ("x-amz-copy-source", "/photos/logs/a"))).Header(ExpirationHeader.Name));
        Assert.Null((await s3.PutAsync("/photos/other", [1, 2, 3])).Header(ExpirationHeader.Name));
        Assert.Null((await s3.HeadAsync("/photos/other")).Header(ExpirationHeader.Name));
    }

    [Theory]
    [InlineData("logs/a", true, false, "expiry-date=\"Thu, 18 Jun 2026 00:00:00 GMT\", rule-id=\"r%201\"")]
    [InlineData("other/a", true, false, null)]
    [InlineData("logs/a", false, false, null)]
    [InlineData("logs/a", true, true, null)]
    public void ExpirationHeader_TellsWhenTheCurrentVersionGoes(string key, bool isLatest, bool isMarker, string? expected)
    {
        var rules = new LifecycleConfiguration([new("r 1", true, new LifecycleFilter { Prefix = "logs/" }) { Days = 2 }]);
        var bucket = new Bucket(BucketId.New(TimeProvider.System), "photos", "alice", "us-east-1", default, BucketVersioning.Enabled)
        {
            Documents = new Dictionary<BucketDocument, string> { [BucketDocument.Lifecycle] = rules.ToJson() },
        };
        var version = new ObjectVersion(VersionId.New(TimeProvider.System), key, new ObjectAttributes("alice", "text/plain"))
        {
            IsNull = false,
            IsLatest = isLatest,
            IsDeleteMarker = isMarker,
            ModifiedAt = new(2026, 6, 15, 10, 30, 0, TimeSpan.Zero),
            Size = 1,
            ETag = "",
        };
        var http = new DefaultHttpContext();

        new ExpirationHeader(new LifecycleCache(TimeProvider.System)).Set(http.Response, bucket, version);

        Assert.Equal(expected, http.Response.Headers[ExpirationHeader.Name].SingleOrDefault());
    }
}
