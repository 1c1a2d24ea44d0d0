using System.Text;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Buckets;

public sealed class BucketConfigurationTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("plain");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("accelerate", "AccelerateConfiguration", "")]
    [InlineData("logging", "BucketLoggingStatus", "")]
    [InlineData("notification", "NotificationConfiguration", "")]
    [InlineData("requestPayment", "RequestPaymentConfiguration", "BucketOwner")]
    public async Task Get_ConfigurationThatIsEmptyWhenUnset_IsEmpty(string subresource, string root, string text)
    {
        using var response = await _host.GetAsync($"/plain?{subresource}");
        await response.AssertStatusAsync(200);
        var document = await response.XmlAsync();
        Assert.Equal("{http://s3.amazonaws.com/doc/2006-03-01/}" + root, document.Name.ToString());
        Assert.Equal(text, document.Value);
    }

    [Theory]
    [InlineData("encryption", "ServerSideEncryptionConfigurationNotFoundError")]
    [InlineData("replication", "ReplicationConfigurationNotFoundError")]
    [InlineData("website", "NoSuchWebsiteConfiguration")]
    [InlineData("object-lock", "ObjectLockConfigurationNotFoundError")]
    public async Task Get_ConfigurationThatIsMissingWhenUnset_IsMissing(string subresource, string code)
    {
        using var response = await _host.GetAsync($"/plain?{subresource}");
        await response.AssertErrorAsync(404, code);
    }

    [Theory]
    [InlineData("encryption")]
    [InlineData("replication")]
    [InlineData("website")]
    public async Task Delete_ConfigurationThatWasNeverSet_IsDone(string subresource)
    {
        using var response = await _host.DeleteAsync($"/plain?{subresource}");
        await response.AssertStatusAsync(204);
        using var bucket = await _host.HeadAsync("/plain");
        await bucket.AssertStatusAsync(200);
    }

    [Theory]
    [InlineData("accelerate")]
    [InlineData("analytics")]
    [InlineData("encryption")]
    [InlineData("intelligent-tiering")]
    [InlineData("inventory")]
    [InlineData("logging")]
    [InlineData("metrics")]
    [InlineData("replication")]
    [InlineData("requestPayment")]
    [InlineData("website")]
    public async Task Put_ConfigurationThatIsNotImplemented_IsRefused(string subresource)
    {
        using var response = await _host.PutAsync($"/plain?{subresource}", Encoding.UTF8.GetBytes("<Configuration/>"));
        await response.AssertErrorAsync(501, "NotImplemented");
    }

    [Fact]
    public async Task Configurations_OfOthersBucket_AreRefused()
    {
        using var response = await _host.SendAsync(HttpMethod.Get, "/plain?website", body: null, "bob");
        await response.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task ListBuckets_Anonymous_ListsNothing()
    {
        using var response = await _host.SendAsync(HttpMethod.Get, "/", body: null, owner: null);
        await response.AssertStatusAsync(200);
        Assert.Empty((await response.XmlAsync()).Value);
    }

    [Fact]
    public async Task CreateBucket_Anonymous_IsRefused()
    {
        using var response = await _host.SendAsync(HttpMethod.Put, "/anybodys", [], owner: null);
        await response.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task AnyOperation_ExpectingAnotherOwner_IsRefused()
    {
        using var other = await _host.GetAsync("/plain?list-type=2", ("x-amz-expected-bucket-owner", "bob"));
        await other.AssertErrorAsync(403, "AccessDenied");
        using var own = await _host.GetAsync("/plain?list-type=2", ("x-amz-expected-bucket-owner", "alice"));
        await own.AssertStatusAsync(200);
    }
}
