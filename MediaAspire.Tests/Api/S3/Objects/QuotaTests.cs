using System.Text;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Objects;

public sealed class QuotaTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(1001)]
    [InlineData(400_000)]
    public async Task A_put_beyond_the_quota_is_refused_with_the_figures_and_keeps_nothing(int size)
    {
        await SetAsync(bytes: 1000);

        using var refused = await _host.PutAsync("/first/a", new byte[size]);

        await refused.AssertErrorAsync(403, "QuotaExceeded");
        var error = await refused.XmlAsync();
        Assert.Equal(
            $"bucket bytes 1000 0 {size}",
            string.Join(' ', Value("Scope"), Value("Unit"), Value("Limit"), Value("Used"), Value("Needed")));
        await _host.AssertNothingKeptAsync();

        string? Value(string name) => error.Element(name)?.Value;
    }

    [Fact]
    public async Task An_overwrite_needs_room_only_for_the_difference()
    {
        await SetAsync(bytes: 1000, objects: 1);
        using var first = await _host.PutAsync("/first/a", new byte[900]);
        using var second = await _host.PutAsync("/first/a", new byte[1000]);
        using var third = await _host.PutAsync("/first/a", new byte[1001]);
        using var other = await _host.PutAsync("/first/b", []);
        using var copy = await _host.PutAsync("/first/b", [], ("x-amz-copy-source", "/first/a"));
        using var deleted = await _host.DeleteAsync("/first/a");
        using var again = await _host.PutAsync("/first/b", new byte[1000]);

        await first.AssertStatusAsync(200);
        await second.AssertStatusAsync(200);
        await third.AssertErrorAsync(403, "QuotaExceeded");
        await other.AssertErrorAsync(403, "QuotaExceeded");
        await copy.AssertErrorAsync(403, "QuotaExceeded");
        await deleted.AssertStatusAsync(204);
        await again.AssertStatusAsync(200);
    }

    [Fact]
    public async Task A_body_that_cannot_fit_is_refused_before_it_is_sent()
    {
        await SetAsync(bytes: 1000);
        using var request = _host.Request(HttpMethod.Put, "/first/a", (HeaderAuthenticator.OwnerHeader, S3TestHost.Owner));
        request.Content = new UnsentContent(100_000);
        request.Headers.ExpectContinue = true;

        using var refused = await _host.SendAsync(request);

        await refused.AssertErrorAsync(403, "QuotaExceeded");
    }

    [Fact]
    public async Task A_put_that_rests_on_the_bucket_from_before_its_quota_is_refused()
    {
        using var before = await _host.PutAsync("/first/a", new byte[10]);
        await SetAsync(bytes: 15);
        using var after = await _host.PutAsync("/first/b", new byte[10]);

        await before.AssertStatusAsync(200);
        await after.AssertErrorAsync(403, "QuotaExceeded");
    }

    [Fact]
    public async Task Parts_beyond_the_quota_are_refused_and_an_object_of_counted_parts_is_not()
    {
        await SetAsync(bytes: 1000);
        using var begun = await _host.SendAsync(HttpMethod.Post, "/first/a?uploads");
        var upload = (await begun.XmlAsync()).Elements().Single(element => element.Name.LocalName == "UploadId").Value;

        using var part = await _host.PutAsync($"/first/a?partNumber=1&uploadId={upload}", new byte[1000]);
        using var replaced = await _host.PutAsync($"/first/a?partNumber=1&uploadId={upload}", new byte[1000]);
        using var second = await _host.PutAsync($"/first/a?partNumber=2&uploadId={upload}", new byte[1]);
        using var completed = await _host.SendAsync(
            HttpMethod.Post,
            $"/first/a?uploadId={upload}",
            Encoding.UTF8.GetBytes($"""
                <CompleteMultipartUpload>
                    <Part><PartNumber>1</PartNumber><ETag>{replaced.Header("ETag")}</ETag></Part>
                </CompleteMultipartUpload>
                """));
        using var object2 = await _host.PutAsync("/first/b", new byte[1]);

        await part.AssertStatusAsync(200);
        await replaced.AssertStatusAsync(200);
        await second.AssertErrorAsync(403, "QuotaExceeded");
        await completed.AssertStatusAsync(200);
        await object2.AssertErrorAsync(403, "QuotaExceeded");
    }

    [Fact]
    public async Task Another_writer_does_not_learn_the_figures()
    {
        await SetAsync(bytes: 1000);
        using var opened = await _host.PutAsync("/first?acl", [], ("x-amz-acl", "public-read-write"));
        using var refused = await _host.SendAsync(HttpMethod.Put, "/first/a", new byte[1001], "mallory");

        await opened.AssertStatusAsync(200);
        await refused.AssertErrorAsync(403, "QuotaExceeded");
        Assert.DoesNotContain("1000", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task SetAsync(long? bytes, long? objects = null)
    {
        var bucket = (await _host.Buckets.FindAsync("first", default))!;
        var id = await _host.Service<QuotaCatalog>().SetAsync(QuotaScope.Of(bucket.Id), new(bytes, objects), default);
        await _host.Service<QuotaCounter>().CountAsync(id!.Value, default);
    }
}
