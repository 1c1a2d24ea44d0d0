using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>Tests that the probe of S3 detects wrong responses.</summary>
public sealed class S3ProbeTests : IDisposable
{
    private const int Size = 1000;

    private static readonly CampaignContent s_content = new(5, Size);

    // Nothing listens there; only the message of a violation asks for it.
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
    private readonly byte[] _bytes = CampaignBytes.Make(s_content.Number, 0, Size);
    private readonly CampaignKey _key = new("key");

    public S3ProbeTests()
    {
        Assert.True(_key.TryBegin(s_content));
        _key.Acknowledge();
    }

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task ReadAsync_EveryByte_Whole() => Assert.Equal(ProbeOutcome.Whole, await ReadAsync(HttpStatusCode.OK, _bytes));

    [Fact]
    public async Task ReadAsync_RightRange_Whole() =>
        Assert.Equal(ProbeOutcome.Whole, await ReadAsync(HttpStatusCode.PartialContent, _bytes[10..20], range: new(10, 19)));

    [Fact]
    public async Task ReadAsync_RangeBeyondTheEndOfAShorterOne_Whole() =>
        Assert.Equal(ProbeOutcome.Whole, await ReadAsync(HttpStatusCode.PartialContent, _bytes[990..], range: new(990, 2000)));

    [Fact]
    public async Task ReadAsync_RangeOfAnotherPlace_Violation() =>
        await AssertViolationAsync(HttpStatusCode.PartialContent, _bytes[11..21], range: new(10, 19));

    [Fact]
    public async Task ReadAsync_OneWrongBit_Violation()
    {
        _bytes[^1] ^= 1;

        await AssertViolationAsync(HttpStatusCode.OK, _bytes);
    }

    [Fact]
    public async Task ReadAsync_ShortSuccess_Violation() => await AssertViolationAsync(HttpStatusCode.OK, _bytes[..^1]);

    [Fact]
    public async Task ReadAsync_BytesOfAnotherContent_Violation()
    {
        Assert.True(_key.TryBegin(new CampaignContent(6, Size)));
        _key.Acknowledge();

        await AssertViolationAsync(HttpStatusCode.OK, _bytes, number: 6);
    }

    [Fact]
    public async Task ReadAsync_NeverSentThere_Violation() => await AssertViolationAsync(HttpStatusCode.OK, _bytes, number: 7);

    [Fact]
    public async Task ReadAsync_OverwrittenIsBack_Violation()
    {
        Assert.True(_key.TryBegin(new CampaignContent(6, Size)));
        _key.Acknowledge();

        await AssertViolationAsync(HttpStatusCode.OK, _bytes);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task ReadAsync_AcknowledgedIsRefused_Violation(HttpStatusCode status) => await AssertViolationAsync(status, []);

    [Fact]
    public async Task ReadAsync_Unavailable_IsAllowed() =>
        Assert.Equal("503", (await ReadAsync(HttpStatusCode.ServiceUnavailable, [])).Name);

    [Fact]
    public async Task HeadAsync_OtherLength_Violation()
    {
        using var s3 = Client(HttpStatusCode.OK, _bytes[..^1], s_content.Number);

        await Assert.ThrowsAsync<CampaignViolationException>(() => new S3Probe(s3, _database).HeadAsync(_key));
    }

    private async Task AssertViolationAsync(HttpStatusCode status, byte[] body, ByteRange? range = null, long number = 5) =>
        await Assert.ThrowsAsync<CampaignViolationException>(() => ReadAsync(status, body, range, number));

    private async Task<ProbeOutcome> ReadAsync(HttpStatusCode status, byte[] body, ByteRange? range = null, long number = 5)
    {
        using var s3 = Client(status, body, number);
        return await new S3Probe(s3, _database).ReadAsync(_key, range);
    }

    private static AmazonS3Client Client(HttpStatusCode status, byte[] body, long number) => new(
        new BasicAWSCredentials("key", "secret"),
        new AmazonS3Config
        {
            ServiceURL = "http://localhost",
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            HttpClientFactory = new Answers(status, body, number),
        });

    private sealed class Answers(HttpStatusCode status, byte[] body, long number) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Answer(status, body, number));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;
    }

    private sealed class Answer(HttpStatusCode status, byte[] body, long number) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(body), RequestMessage = request };
            response.Headers.Add("x-amz-meta-number", number.ToString(CultureInfo.InvariantCulture));
            return Task.FromResult(response);
        }
    }
}
