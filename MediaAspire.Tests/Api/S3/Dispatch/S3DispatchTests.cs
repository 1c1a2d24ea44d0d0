using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Dispatch;

public sealed class S3DispatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_bucket_that_is_not_there_is_refused_as_a_document()
    {
        await using var host = await S3TestHost.StartAsync(postgres);

        using var answer = await host.GetAsync("/nothing/key");

        await answer.AssertErrorAsync(404, "NoSuchBucket");
        Assert.NotNull(answer.Header("x-amz-request-id"));
    }

    [Fact]
    public async Task An_operation_of_another_name_is_not_taken_for_the_plain_one()
    {
        await using var host = await S3TestHost.StartAsync(postgres);
        await host.CreateBucketAsync("first");

        using var answer = await host.GetAsync("/first/key?torrent");

        await answer.AssertErrorAsync(501, "NotImplemented");
    }

    [Theory]
    [InlineData("PUT", "/first/key?partNumber=3", 400, "InvalidArgument", "This operation does not accept partNumber without uploadId")]
    [InlineData("DELETE", "/first/key?partNumber=3", 400, "InvalidArgument", "This operation does not accept partNumber without uploadId")]
    [InlineData("PUT", "/first/key?versionId=null", 400, "InvalidArgument", "This operation does not accept a version-id.")]
    [InlineData("DELETE", "/first?versionId=null", 400, "InvalidArgument", "This operation does not accept a version-id.")]
    [InlineData("PUT", "/first/key?tagging&acl", 400, "InvalidArgument", "Conflicting query string parameters: acl, tagging")]
    [InlineData("GET", "/first?versioning&acl", 400, "InvalidArgument", "Conflicting query string parameters: acl, versioning")]
    [InlineData("GET", "/first/key?acl&partNumber=1", 400, "InvalidArgument", "Conflicting query string parameters: acl, partNumber")]
    [InlineData("DELETE", "/first/key?partNumber=1&uploadId=1", 400, "InvalidArgument", null)]
    [InlineData("PUT", "/first/key?append&position=4", 501, "NotImplemented", null)]
    [InlineData("PUT", "/first/key?renameObject", 501, "NotImplemented", null)]
    [InlineData("DELETE", "/first/key?retention", 501, "NotImplemented", null)]
    [InlineData("POST", "/first/key?select&select-type=2", 501, "NotImplemented", null)]
    [InlineData("POST", "/first/key?restore", 501, "NotImplemented", null)]
    [InlineData("POST", "/first/key?restore&versionId=null", 501, "NotImplemented", null)]
    [InlineData("POST", "/first/key", 405, "MethodNotAllowed", null)]
    public async Task What_an_operation_does_not_know_is_refused_and_changes_nothing(
        string method, string target, int status, string code, string? message)
    {
        await using var host = await S3TestHost.StartAsync(postgres);
        await host.CreateBucketAsync("first");
        using var kept = await host.PutAsync("/first/key", "kept"u8.ToArray());
        await kept.AssertStatusAsync(200);

        using var answer = await host.SendAsync(new HttpMethod(method), target, method is "GET" or "DELETE" ? null : "other"u8.ToArray());

        await answer.AssertErrorAsync(status, code);
        if (message is not null)
        {
            Assert.Equal(message, (await answer.XmlAsync()).Element("Message")!.Value);
        }

        using var got = await host.GetAsync("/first/key");
        Assert.Equal("kept", await got.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_copy_to_a_part_without_an_upload_is_refused()
    {
        await using var host = await S3TestHost.StartAsync(postgres);
        await host.CreateBucketAsync("first");
        using var kept = await host.PutAsync("/first/key", "kept"u8.ToArray());
        using var source = await host.PutAsync("/first/source", "other"u8.ToArray());

        using var answer = await host.PutAsync("/first/key?partNumber=3", [], ("x-amz-copy-source", "first/source"));

        await answer.AssertErrorAsync(400, "InvalidArgument");
        using var got = await host.GetAsync("/first/key");
        Assert.Equal("kept", await got.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("PUT", "/first/key?x-id=PutObject&prefix=a&max-keys=1&response-content-type=a", 200)]
    [InlineData("GET", "/first/key?x-id=GetObject&response-content-type=text%2Fplain&traceparent=1&list-type=2", 200)]
    [InlineData("GET", "/first?list-type=2&marker=a&fetch-owner=true&x-id=ListObjectsV2", 200)]
    [InlineData("GET", "/first?list-type=1&start-after=a&id=1", 200)]
    [InlineData("HEAD", "/first/key?x-amz-checksum-mode=ENABLED&partNumber=1&versionId=null", 206)]
    [InlineData("DELETE", "/first/key?x-id=DeleteObject&versionId=null&uploads-id=1", 204)]
    [InlineData("GET", "/?x-id=ListBuckets&prefix=f", 200)]
    public async Task What_S3_ignores_is_ignored(string method, string target, int status)
    {
        await using var host = await S3TestHost.StartAsync(postgres);
        await host.CreateBucketAsync("first");
        using var put = await host.PutAsync("/first/key", "kept"u8.ToArray());

        using var answer = await host.SendAsync(new HttpMethod(method), target, method == "PUT" ? "other"u8.ToArray() : null);

        await answer.AssertStatusAsync(status);
    }

    [Fact]
    public async Task Versions_are_listed_for_every_type_of_list()
    {
        await using var host = await S3TestHost.StartAsync(postgres);
        await host.CreateBucketAsync("first");

        using var answer = await host.GetAsync("/first?list-type=2&versions");

        Assert.Equal("ListVersionsResult", (await answer.XmlAsync()).Name.LocalName);
    }
}
