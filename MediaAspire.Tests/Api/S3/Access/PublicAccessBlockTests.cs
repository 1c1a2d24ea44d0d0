using MediaAspire.Tests.Harness;
using static MediaAspire.Tests.Api.S3.Access.AccessHost;

namespace MediaAspire.Tests.Api.S3.Access;

public sealed class PublicAccessBlockTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x", ("x-amz-acl", "public-read"));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task It_comes_back_until_it_is_deleted()
    {
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?publicAccessBlock", "NoSuchPublicAccessBlockConfiguration");
        await BlockAsync("IgnorePublicAcls");
        using var got = await _host.GetAsync("/first?publicAccessBlock");

        Assert.Equal(
            ["BlockPublicAcls=false", "IgnorePublicAcls=true", "BlockPublicPolicy=false", "RestrictPublicBuckets=false"],
            (await got.XmlAsync()).Elements().Select(element => $"{element.Name.LocalName}={element.Value}"));
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?publicAccessBlock");
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?publicAccessBlock");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?publicAccessBlock", "NoSuchPublicAccessBlockConfiguration");
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?publicAccessBlock", "MalformedXML", "<Other/>");
    }

    [Theory]
    [InlineData("public-read")]
    [InlineData("public-read-write")]
    [InlineData("authenticated-read")]
    public async Task Public_lists_can_be_refused(string acl)
    {
        await BlockAsync("BlockPublicAcls");

        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?acl", "AccessDenied", headers: ("x-amz-acl", acl));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/a?acl", "AccessDenied", headers: ("x-amz-acl", acl));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", "AccessDenied", "x", ("x-amz-acl", acl));
        await _host.RefuseAsync(Owner, HttpMethod.Post, "/first/b?uploads", "AccessDenied", headers: ("x-amz-acl", acl));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/b", "x", ("x-amz-acl", "private"));
        await _host.DoAsync(null, HttpMethod.Get, "/first/a");
    }

    [Fact]
    public async Task Public_lists_can_be_without_effect()
    {
        await BlockAsync("IgnorePublicAcls");

        await _host.RefuseAsync(null, HttpMethod.Get, "/first", "AccessDenied");
        await _host.RefuseAsync(Other, HttpMethod.Get, "/first/a", "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Get, "/first/a");
        Assert.Equal(["AllUsers READ", "alice FULL_CONTROL"], await _host.GrantsAsync("/first/a?acl"));
    }

    [Fact]
    public async Task Public_policies_can_be_refused()
    {
        await BlockAsync("BlockPublicPolicy");

        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?policy", "AccessDenied", Policy("Allow", "s3:GetObject", "first/*"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:GetObject", "first/*", "{\"AWS\": \"bob\"}"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Deny", "s3:GetObject", "first/*"));
    }

    [Fact]
    public async Task Public_policies_can_be_for_the_owner_only()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/b", "x");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:GetObject", "first/*"));
        await _host.DoAsync(null, HttpMethod.Get, "/first/b");
        await BlockAsync("RestrictPublicBuckets");

        await _host.RefuseAsync(null, HttpMethod.Get, "/first/b", "AccessDenied");
        await _host.RefuseAsync(Other, HttpMethod.Get, "/first/b", "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Get, "/first/b");
    }

    private Task BlockAsync(string name) => _host.DoAsync(
        Owner,
        HttpMethod.Put,
        "/first?publicAccessBlock",
        $"<PublicAccessBlockConfiguration><{name}>true</{name}></PublicAccessBlockConfiguration>");
}
