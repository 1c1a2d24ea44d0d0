using MediaAspire.Tests.Harness;
using static MediaAspire.Tests.Api.S3.Access.AccessHost;

namespace MediaAspire.Tests.Api.S3.Access;

public sealed class ObjectOwnershipTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "*", "first*"));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task They_come_back_until_they_are_deleted()
    {
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?ownershipControls", "OwnershipControlsNotFoundError");
        await SetAsync("ObjectWriter");
        using var got = await _host.GetAsync("/first?ownershipControls");

        Assert.Equal("ObjectWriter", (await got.XmlAsync()).Value);
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?ownershipControls");
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?ownershipControls");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?ownershipControls", "OwnershipControlsNotFoundError");
        const string nobody = "<OwnershipControls><Rule><ObjectOwnership>Nobody</ObjectOwnership></Rule></OwnershipControls>";
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?ownershipControls", "MalformedXML", nobody);
    }

    [Theory]
    [InlineData(null, "bucket-owner-full-control", "bob")]
    [InlineData("ObjectWriter", "bucket-owner-full-control", "bob")]
    [InlineData("BucketOwnerPreferred", "bucket-owner-full-control", "alice")]
    [InlineData("BucketOwnerPreferred", "private", "bob")]
    [InlineData("BucketOwnerPreferred", null, "bob")]
    [InlineData("BucketOwnerEnforced", "bucket-owner-full-control", "alice")]
    [InlineData("BucketOwnerEnforced", null, "alice")]
    public async Task They_say_whose_a_strangers_object_is(string? ownership, string? acl, string owner)
    {
        if (ownership is not null)
        {
            await SetAsync(ownership);
        }

        (string, string)[] headers = acl is null ? [] : [("x-amz-acl", acl)];
        await _host.DoAsync(Other, HttpMethod.Put, "/first/a", "x", headers);
        using var got = await _host.AsAsync(owner, HttpMethod.Get, "/first/a?acl");

        await got.AssertStatusAsync(200);
        Assert.Equal(owner, (await got.XmlAsync()).Elements().First().Elements().First().Value);
    }

    [Fact]
    public async Task A_bucket_can_do_without_lists()
    {
        await _host.DoAsync(Other, HttpMethod.Put, "/first/old", "x", ("x-amz-acl", "public-read"));
        await SetAsync("BucketOwnerEnforced");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");

        const string code = "AccessControlListNotSupported";
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", code, "x", ("x-amz-acl", "private"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", code, "x", ("x-amz-grant-read", "id=bob"));
        await _host.RefuseAsync(Owner, HttpMethod.Post, "/first/b?uploads", code, headers: ("x-amz-acl", "public-read"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?acl", code, headers: ("x-amz-acl", "private"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/a?acl", code, headers: ("x-amz-acl", "private"));
        Assert.Equal(["alice FULL_CONTROL"], await _host.GrantsAsync("/first/old?acl"));
        await _host.DoAsync(Owner, HttpMethod.Get, "/first/old");
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?policy");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/old", "AccessDenied");
        await _host.RefuseAsync(Other, HttpMethod.Get, "/first/old", "AccessDenied");
    }

    [Fact]
    public async Task A_bucket_that_others_may_use_by_its_list_needs_lists()
    {
        const string code = "InvalidBucketAclWithObjectOwnership";
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read"));

        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?ownershipControls", code, Document("BucketOwnerEnforced"));
        await _host.RefuseAsync(
            Owner,
            HttpMethod.Put,
            "/second",
            code,
            headers: [("x-amz-acl", "public-read"), ("x-amz-object-ownership", "BucketOwnerEnforced")]);
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/second", "InvalidArgument", headers: ("x-amz-object-ownership", "Nobody"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/second", headers: ("x-amz-object-ownership", "BucketOwnerEnforced"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/second?acl", "AccessControlListNotSupported", headers: ("x-amz-acl", "private"));
    }

    private static string Document(string ownership) =>
        $"<OwnershipControls><Rule><ObjectOwnership>{ownership}</ObjectOwnership></Rule></OwnershipControls>";

    private Task SetAsync(string ownership) => _host.DoAsync(Owner, HttpMethod.Put, "/first?ownershipControls", Document(ownership));
}
