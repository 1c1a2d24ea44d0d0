using System.Text;
using System.Xml.Linq;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Buckets;

public sealed class BucketTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly XNamespace s_ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3TestHost _host = null!;

    public async Task InitializeAsync() => _host = await S3TestHost.StartAsync(postgres);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_bucket_is_made_found_listed_and_deleted()
    {
        using var made = await _host.PutAsync("/first-bucket", []);
        await made.AssertStatusAsync(200);
        Assert.Equal("/first-bucket", made.Header("Location"));

        using var head = await _host.HeadAsync("/first-bucket");
        await head.AssertStatusAsync(200);
        Assert.Equal("us-east-1", head.Header("x-amz-bucket-region"));

        using var location = await _host.GetAsync("/first-bucket?location");
        Assert.Equal(s_ns + "LocationConstraint", (await location.XmlAsync()).Name);
        Assert.Empty((await location.XmlAsync()).Value);

        using var list = await _host.GetAsync("/");
        var document = await list.XmlAsync();
        Assert.Equal(s_ns + "ListAllMyBucketsResult", document.Name);
        Assert.Equal(["Owner", "Buckets"], document.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("alice", document.Element(s_ns + "Owner")?.Element(s_ns + "ID")?.Value);
        Assert.Equal("ALICE", document.Element(s_ns + "Owner")?.Element(s_ns + "DisplayName")?.Value);
        var bucket = Assert.Single(document.Descendants(s_ns + "Bucket"));
        Assert.Equal("first-bucket", bucket.Element(s_ns + "Name")?.Value);
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z", bucket.Element(s_ns + "CreationDate")?.Value);

        using var deleted = await _host.DeleteAsync("/first-bucket");
        await deleted.AssertStatusAsync(204);
        using var gone = await _host.HeadAsync("/first-bucket");
        await gone.AssertStatusAsync(404);
        using var again = await _host.DeleteAsync("/first-bucket");
        await again.AssertErrorAsync(404, "NoSuchBucket");
    }

    [Fact]
    public async Task A_name_is_taken_once_and_its_owner_may_ask_again()
    {
        await AssertCreatedAsync("/shared-name", 200);
        await AssertCreatedAsync("/shared-name", 200);
        using var other = await _host.SendAsync(HttpMethod.Put, "/shared-name", [], "bob");
        await other.AssertErrorAsync(409, "BucketAlreadyExists");

        await AssertCreatedAsync("/in-europe", 200, "eu-west-1");
        using var again = await _host.PutAsync("/in-europe", Configuration("eu-west-1"));
        await again.AssertErrorAsync(409, "BucketAlreadyOwnedByYou");
        using var location = await _host.GetAsync("/in-europe?location");
        Assert.Equal("eu-west-1", (await location.XmlAsync()).Value);
    }

    [Theory]
    [InlineData("aa")]
    [InlineData("_abc")]
    [InlineData("foo_bar")]
    [InlineData("Upper")]
    [InlineData("foo-")]
    [InlineData("-foo")]
    [InlineData("foo..bar")]
    [InlineData("foo.-bar")]
    [InlineData("foo-.bar")]
    [InlineData(".foo")]
    [InlineData("foo.")]
    [InlineData("192.168.5.123")]
    [InlineData("xn--abc")]
    [InlineData("sthree-abc")]
    [InlineData("abc-s3alias")]
    [InlineData("abc--ol-s3")]
    [InlineData("b%C3%BCcket")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public async Task CreateBucket_NameThatS3DoesNotAllow_IsRefused(string name)
    {
        using var response = await _host.PutAsync($"/{name}", []);
        await response.AssertErrorAsync(400, "InvalidBucketName");
    }

    [Theory]
    [InlineData("aaa")]
    [InlineData("0ab")]
    [InlineData("aaa.111")]
    [InlineData("aaa-111")]
    [InlineData("1.2.3")]
    [InlineData("a12345678901234567890123456789012345678901234567890123456789012")]
    public Task CreateBucket_NameThatS3Allows_IsMade(string name) => AssertCreatedAsync($"/{name}", 200);

    [Theory]
    [InlineData(
        "<CreateBucketConfiguration><LocationConstraint>no region!</LocationConstraint></CreateBucketConfiguration>",
        400,
        "InvalidLocationConstraint")]
    [InlineData("<CreateBucketConfiguration><LocationConstraint>", 400, "MalformedXML")]
    [InlineData("<Other/>", 400, "MalformedXML")]
    [InlineData("<CreateBucketConfiguration><Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>", 501, "NotImplemented")]
    public async Task CreateBucket_ConfigurationThatIsWrongOrUnknown_IsRefused(string body, int status, string code)
    {
        using var response = await _host.PutAsync("/configured", Encoding.UTF8.GetBytes(body));
        await response.AssertErrorAsync(status, code);
        using var head = await _host.HeadAsync("/configured");
        await head.AssertStatusAsync(404);
    }

    [Fact]
    public async Task DeleteBucket_WithAnObject_IsRefused()
    {
        await AssertCreatedAsync("/full", 200);
        var bucket = await _host.Buckets.FindAsync("full", CancellationToken.None);
        await ListingRows.AddAsync(postgres, bucket!.Id, ["key"]);

        using var response = await _host.DeleteAsync("/full");
        await response.AssertErrorAsync(409, "BucketNotEmpty");
    }

    [Fact]
    public async Task ListBuckets_InPages_ListsEachOnceAndOnlyTheSenders()
    {
        foreach (var name in new[] { "b-2", "b-1", "a-1", "b-3" })
        {
            await AssertCreatedAsync($"/{name}", 200);
        }

        using var others = await _host.SendAsync(HttpMethod.Put, "/b-0", [], "bob");
        await others.AssertStatusAsync(200);

        var names = new List<string>();
        for (string? token = ""; token is not null;)
        {
            using var page = await _host.GetAsync($"/?max-buckets=2&prefix=b-&continuation-token={token}");
            var document = await page.XmlAsync();
            names.AddRange(document.Descendants(s_ns + "Name").Select(element => element.Value));
            Assert.Equal("b-", document.Element(s_ns + "Prefix")?.Value);
            token = document.Element(s_ns + "ContinuationToken")?.Value;
        }

        Assert.Equal(["b-1", "b-2", "b-3"], names);
        using var elsewhere = await _host.GetAsync("/?bucket-region=eu-west-1");
        Assert.Empty((await elsewhere.XmlAsync()).Descendants(s_ns + "Bucket"));
    }

    [Theory]
    [InlineData("max-buckets=0")]
    [InlineData("max-buckets=10001")]
    [InlineData("max-buckets=x")]
    [InlineData("continuation-token=!")]
    [InlineData("continuation-token=AAAA")]
    public async Task ListBuckets_BadParameter_IsRefused(string query)
    {
        using var response = await _host.GetAsync($"/?{query}");
        await response.AssertErrorAsync(400, "InvalidArgument");
    }

    private static byte[] Configuration(string region) =>
        Encoding.UTF8.GetBytes(
            $"<CreateBucketConfiguration xmlns=\"{s_ns}\"><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>");

    private async Task AssertCreatedAsync(string target, int status, string? region = null)
    {
        using var response = await _host.PutAsync(target, region is null ? [] : Configuration(region));
        await response.AssertStatusAsync(status);
    }
}
