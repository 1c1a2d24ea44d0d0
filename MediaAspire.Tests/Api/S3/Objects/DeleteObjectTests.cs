using System.Globalization;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class DeleteObjectTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.CreateBucketAsync("kept", versioning: BucketVersioning.Enabled);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_object_is_gone_with_its_bytes()
    {
        using var put = await _host.PutAsync("/first/a", [1]);
        using var deleted = await _host.DeleteAsync("/first/a");
        using var again = await _host.DeleteAsync("/first/a");
        using var got = await _host.GetAsync("/first/a");

        await deleted.AssertStatusAsync(204);
        Assert.Null(deleted.Header("x-amz-delete-marker"));
        Assert.Null(deleted.Header("x-amz-version-id"));
        await again.AssertStatusAsync(204);
        await got.AssertErrorAsync(404, "NoSuchKey");
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
    }

    [Fact]
    public async Task With_versions_a_marker_hides_the_object_until_it_is_deleted_itself()
    {
        using var put = await _host.PutAsync("/kept/a", [1]);
        using var deleted = await _host.DeleteAsync("/kept/a");
        var marker = deleted.Header("x-amz-version-id")!;

        await deleted.AssertStatusAsync(204);
        Assert.Equal("true", deleted.Header("x-amz-delete-marker"));
        using (var hidden = await _host.GetAsync("/kept/a"))
        {
            await hidden.AssertErrorAsync(404, "NoSuchKey");
            Assert.Equal("true", hidden.Header("x-amz-delete-marker"));
            Assert.Equal(marker, hidden.Header("x-amz-version-id"));
        }

        using (var named = await _host.GetAsync($"/kept/a?versionId={marker}"))
        {
            await named.AssertErrorAsync(405, "MethodNotAllowed");
            Assert.Equal("true", named.Header("x-amz-delete-marker"));
            Assert.Equal("DELETE", named.Header("Allow"));
        }

        Assert.Equal([1], await _host.GetBytesAsync($"/kept/a?versionId={put.Header("x-amz-version-id")}"));

        using var undone = await _host.DeleteAsync($"/kept/a?versionId={marker}");
        await undone.AssertStatusAsync(204);
        Assert.Equal("true", undone.Header("x-amz-delete-marker"));
        Assert.Equal(marker, undone.Header("x-amz-version-id"));
        Assert.Equal([1], await _host.GetBytesAsync("/kept/a"));
    }

    [Fact]
    public async Task A_version_is_deleted_alone()
    {
        using var one = await _host.PutAsync("/kept/a", [1]);
        using var two = await _host.PutAsync("/kept/a", [2]);
        var version = two.Header("x-amz-version-id");

        using var deleted = await _host.DeleteAsync($"/kept/a?versionId={version}");
        using var again = await _host.DeleteAsync($"/kept/a?versionId={version}");
        using var rubbish = await _host.DeleteAsync("/kept/a?versionId=rubbish");

        await deleted.AssertStatusAsync(204);
        Assert.Null(deleted.Header("x-amz-delete-marker"));
        Assert.Equal(version, deleted.Header("x-amz-version-id"));
        await again.AssertStatusAsync(204);
        await rubbish.AssertErrorAsync(400, "InvalidArgument");
        Assert.Equal([1], await _host.GetBytesAsync("/kept/a"));
    }

    [Fact]
    public async Task Suspended_versioning_puts_a_marker_in_the_place_of_the_null_version()
    {
        var bucket = await _host.CreateBucketAsync("mixed");
        using var old = await _host.PutAsync("/mixed/a", [1]);
        await _host.Buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Enabled, CancellationToken.None);
        using var kept = await _host.PutAsync("/mixed/a", [2]);
        await _host.Buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Suspended, CancellationToken.None);

        using var deleted = await _host.DeleteAsync("/mixed/a");

        Assert.Equal("true", deleted.Header("x-amz-delete-marker"));
        Assert.Equal("null", deleted.Header("x-amz-version-id"));
        using var gone = await _host.GetAsync("/mixed/a?versionId=null");
        await gone.AssertErrorAsync(405, "MethodNotAllowed");
        Assert.Equal([2], await _host.GetBytesAsync($"/mixed/a?versionId={kept.Header("x-amz-version-id")}"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM files WHERE upload_status = 'deleted'"));
    }

    [Fact]
    public async Task A_deletion_may_be_made_of_what_the_object_is()
    {
        using var put = await _host.PutAsync("/first/a", [1, 2]);
        using var head = await _host.HeadAsync("/first/a");
        var time = head.Header("Last-Modified")!;
        var other = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).AddSeconds(-1).ToString("R");

        await AssertAsync(412, ("If-Match", "\"bad\""));
        await AssertAsync(412, ("x-amz-if-match-size", "1"));
        await AssertAsync(412, ("x-amz-if-match-last-modified-time", other));
        await AssertAsync(400, ("x-amz-if-match-size", "two"));
        await AssertAsync(400, ("x-amz-if-match-last-modified-time", "then"));
        Assert.Equal([1, 2], await _host.GetBytesAsync("/first/a"));
        await AssertAsync(
            204, ("If-Match", put.Header("ETag")!), ("x-amz-if-match-size", "2"), ("x-amz-if-match-last-modified-time", time));
        await AssertAsync(204, ("If-Match", "\"bad\""));

        async Task AssertAsync(int status, params (string, string)[] headers)
        {
            using var answer = await _host.DeleteAsync("/first/a", headers);
            await answer.AssertStatusAsync(status);
        }
    }

    [Theory]
    [InlineData("If-Match", "*")]
    [InlineData("If-Match", "\"bad\"")]
    [InlineData("x-amz-if-match-size", "1")]
    public async Task A_deletion_with_a_condition_of_what_was_never_there_makes_no_marker(string condition, string value)
    {
        using var first = await _host.DeleteAsync("/kept/a", (condition, value));
        using var again = await _host.DeleteAsync("/kept/a", (condition, value));
        using var plain = await _host.DeleteAsync("/kept/a");

        await first.AssertStatusAsync(204);
        await again.AssertStatusAsync(204);
        Assert.Null(first.Header("x-amz-delete-marker"));
        Assert.Null(again.Header("x-amz-version-id"));
        Assert.Equal("true", plain.Header("x-amz-delete-marker"));
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task A_version_that_never_was_is_deleted_as_well()
    {
        using var answer = await _host.DeleteAsync($"/kept/a?versionId={VersionId.New(TimeProvider.System)}");

        await answer.AssertStatusAsync(204);
    }
}
