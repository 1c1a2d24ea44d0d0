using MediaAspire.Tests.Cluster;

namespace MediaAspire.Tests.Api.S3;

[Collection(PostgresTests.Name)]
public sealed class S3DispatchTests(PostgresFixture postgres)
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
}
