using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Harness;
using static MediaAspire.Tests.Api.S3.Access.AccessHost;

namespace MediaAspire.Tests.Api.S3.Access;

public sealed class BucketPolicyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_policy_comes_back_byte_for_byte_until_it_is_deleted()
    {
        var policy = Policy("Allow", "s3:GetObject", "first/*") + "\n";

        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?policy", "NoSuchBucketPolicy");
        using var put = await _host.AsAsync(Owner, HttpMethod.Put, "/first?policy", policy);
        using var got = await _host.GetAsync("/first?policy");

        await put.AssertStatusAsync(204);
        Assert.Equal(policy, await got.Content.ReadAsStringAsync());
        Assert.Equal("application/json", got.Header("Content-Type"));
        await _host.DoAsync(null, HttpMethod.Get, "/first/a");
        using var deleted = await _host.DeleteAsync("/first?policy");
        await deleted.AssertStatusAsync(204);
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?policy", "NoSuchBucketPolicy");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
    }

    [Fact]
    public async Task A_policy_that_cannot_be_evaluated_is_not_kept()
    {
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?policy", "MalformedPolicy", "{}");
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?policy", "MalformedPolicy", Policy("Allow", "s3:GetObject", "second/*"));
        await _host.RefuseAsync(
            Owner, HttpMethod.Put, "/first?policy", "NotImplemented", Policy("Allow", "s3:GetObject", "first/*", "{\"Service\": \"x\"}"));
        var large = Policy("Allow", "s3:GetObject", "first/*") + new string(' ', 20 * 1024);
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?policy", "PolicyTooLarge", large);

        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?policy", "NoSuchBucketPolicy");
    }

    [Fact]
    public async Task A_denial_outweighs_lists_and_the_owner_but_not_the_owners_right_to_the_policy()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Deny", "s3:*", "first*"));

        await _host.RefuseAsync(null, HttpMethod.Get, "/first", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/a", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?publicAccessBlock", "AccessDenied");
        await _host.RefuseAsync(Other, HttpMethod.Delete, "/first?policy", "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Get, "/first?policy");
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first?policy");
        await _host.DoAsync(null, HttpMethod.Get, "/first");
    }

    [Fact]
    public async Task A_missing_key_is_reported_only_to_users_who_may_list_its_prefix()
    {
        var condition = "{\"StringLike\": {\"s3:prefix\": \"public/*\"}}";
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:ListBucket", "first", condition: condition));

        using var inPublic = await _host.AsAsync(Other, HttpMethod.Head, "/first/public/x");
        using var elsewhere = await _host.AsAsync(Other, HttpMethod.Head, "/first/private/x");

        Assert.Equal((404, 403), ((int)inPublic.StatusCode, (int)elsewhere.StatusCode));
        await _host.DoAsync(Other, HttpMethod.Get, "/first?prefix=public/");
        await _host.RefuseAsync(Other, HttpMethod.Get, "/first?prefix=private/", "AccessDenied");
        await _host.RefuseAsync(Other, HttpMethod.Get, "/first", "AccessDenied");
    }

    [Fact]
    public async Task Tags_of_the_object_decide()
    {
        var condition = "{\"StringEquals\": {\"s3:ExistingObjectTag/kind\": \"public\"}}";
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/public", "x", ("x-amz-tagging", "kind=public"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/private", "x", ("x-amz-tagging", "kind=private"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:GetObject", "first/*", condition: condition));

        await _host.DoAsync(null, HttpMethod.Get, "/first/public");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/private", "AccessDenied");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/missing", "AccessDenied");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/public?tagging", "AccessDenied");
    }

    [Fact]
    public async Task Tags_of_the_request_decide_in_a_header_and_in_a_document()
    {
        const string document = "<Tagging><TagSet><Tag><Key>kind</Key><Value>{0}</Value></Tag></TagSet></Tagging>";
        var condition = "{\"StringEquals\": {\"s3:RequestObjectTag/kind\": \"public\"}}";
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:Put*", "first/*", condition: condition));

        await _host.DoAsync(Other, HttpMethod.Put, "/first/b", "x", ("x-amz-tagging", "kind=public"));
        await _host.RefuseAsync(Other, HttpMethod.Put, "/first/c", "AccessDenied", "x", ("x-amz-tagging", "kind=private"));
        await _host.DoAsync(Other, HttpMethod.Put, "/first/a?tagging", document.Replace("{0}", "public", StringComparison.Ordinal));
        await _host.RefuseAsync(
            Other, HttpMethod.Put, "/first/a?tagging", "AccessDenied", document.Replace("{0}", "x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_another_put_is_not_the_bucket_owners_to_give_away()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:*Object", "first/*"));
        await _host.DoAsync(Other, HttpMethod.Put, "/first/b", "x");

        await _host.DoAsync(Other, HttpMethod.Get, "/first/b");
        await _host.RefuseAsync("carol", HttpMethod.Get, "/first/b", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/b", "AccessDenied");
        await _host.DoAsync("carol", HttpMethod.Get, "/first/a");
    }

    [Fact]
    public async Task A_version_needs_an_action_of_its_own()
    {
        await _host.CreateBucketAsync("second", versioning: BucketVersioning.Enabled);
        using var put = await _host.PutAsync("/second/a", [1]);
        var target = $"/second/a?versionId={put.Header("x-amz-version-id")}";
        await _host.DoAsync(Owner, HttpMethod.Put, "/second?policy", Policy("Allow", "s3:GetObject", "second/*"));

        await _host.DoAsync(null, HttpMethod.Get, "/second/a");
        await _host.RefuseAsync(null, HttpMethod.Get, target, "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Put, "/second?policy", Policy("Allow", "s3:GetObjectVersion", "second/*"));
        await _host.DoAsync(null, HttpMethod.Get, target);
    }

    [Fact]
    public async Task Headers_of_a_put_decide()
    {
        var policy =
            """
            {"Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::first/*"},
                {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::first/*",
                    "Condition": {"StringLike": {"s3:x-amz-acl": "public*"}}}]}
            """;
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", policy);

        await _host.DoAsync(Other, HttpMethod.Put, "/first/b", "x");
        await _host.RefuseAsync(Other, HttpMethod.Put, "/first/b", "AccessDenied", "x", ("x-amz-acl", "public-read"));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", "AccessDenied", "x", ("x-amz-acl", "public-read"));
    }

    [Fact]
    public async Task Parts_are_allowed_by_the_key_and_not_by_the_bucket()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:PutObject", "first"));
        await _host.RefuseAsync(Other, HttpMethod.Post, "/first/big?uploads", "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:PutObject", "first/big"));
        await _host.DoAsync(Other, HttpMethod.Post, "/first/big?uploads");
    }

    [Theory]
    [InlineData("private", "\"*\"", "{}", true)]
    [InlineData("private", "{\"AWS\": \"arn:aws:iam::nobody:root\"}", "{}", false)]
    [InlineData("private", "\"*\"", "{\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/32\"}}", false)]
    [InlineData("public-read", null, "{}", true)]
    [InlineData("authenticated-read", null, "{}", true)]
    [InlineData("private", null, "{}", false)]
    public async Task The_status_tells_whether_the_public_is_allowed_anything(
        string acl, string? principal, string condition, bool isPublic)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", acl));
        if (principal is not null)
        {
            await _host.DoAsync(Owner, HttpMethod.Put, "/first?policy", Policy("Allow", "s3:ListBucket", "first", principal, condition));
        }

        using var status = await _host.GetAsync("/first?policyStatus");

        Assert.Equal(isPublic ? "true" : "false", (await status.XmlAsync()).Value);
    }
}
