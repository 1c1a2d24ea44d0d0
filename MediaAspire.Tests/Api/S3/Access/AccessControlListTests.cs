using MediaAspire.Tests.Harness;
using static MediaAspire.Tests.Api.S3.Access.AccessHost;

namespace MediaAspire.Tests.Api.S3.Access;

public sealed class AccessControlListTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;
    private const string AllUsers = "http://acs.amazonaws.com/groups/global/AllUsers";

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Theory]
    [InlineData("private", "alice FULL_CONTROL")]
    [InlineData("public-read", "AllUsers READ", "alice FULL_CONTROL")]
    [InlineData("public-read-write", "AllUsers READ", "AllUsers WRITE", "alice FULL_CONTROL")]
    [InlineData("authenticated-read", "AuthenticatedUsers READ", "alice FULL_CONTROL")]
    [InlineData("bucket-owner-read", "alice FULL_CONTROL")]
    [InlineData("bucket-owner-full-control", "alice FULL_CONTROL")]
    public async Task A_named_list_grants_what_its_name_says(string name, params string[] grants)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", name));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/put", "x", ("x-amz-acl", name));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/later", "x");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/later?acl", headers: ("x-amz-acl", name));
        await _host.DoAsync(Owner, HttpMethod.Put, "/made", headers: ("x-amz-acl", name));

        foreach (var target in new[] { "/first?acl", "/first/put?acl", "/first/later?acl", "/made?acl" })
        {
            Assert.Equal(grants, await _host.GrantsAsync(target));
        }
    }

    [Fact]
    public async Task A_writer_shares_with_the_owner_of_the_bucket_by_name()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read-write"));
        await _host.DoAsync(Other, HttpMethod.Put, "/first/mine", "x");
        await _host.DoAsync(Other, HttpMethod.Put, "/first/read", "x", ("x-amz-acl", "bucket-owner-read"));
        await _host.DoAsync(Other, HttpMethod.Put, "/first/full", "x", ("x-amz-acl", "bucket-owner-full-control"));

        Assert.Equal(["bob FULL_CONTROL", "alice READ"], await _host.GrantsAsync("/first/read?acl", Other));
        Assert.Equal(["bob FULL_CONTROL", "alice FULL_CONTROL"], await _host.GrantsAsync("/first/full?acl"));
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/mine", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/mine?acl", "AccessDenied");
        await _host.DoAsync(Owner, HttpMethod.Get, "/first/read");
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/read?acl", "AccessDenied");
        await _host.DoAsync(Other, HttpMethod.Get, "/first/mine");
        await _host.DoAsync(Owner, HttpMethod.Delete, "/first/mine");
    }

    [Theory]
    [InlineData("private", "private", 403, 403, 403)]
    [InlineData("public-read", "private", 200, 403, 403)]
    [InlineData("public-read", "public-read", 200, 200, 403)]
    [InlineData("private", "public-read-write", 403, 200, 403)]
    [InlineData("public-read-write", "private", 200, 403, 200)]
    public async Task Lists_allow_the_anonymous_what_they_say_and_no_more(string bucketAcl, string objectAcl, int list, int get, int put)
    {
        const string bucket = "/first";
        await _host.DoAsync(Owner, HttpMethod.Put, $"{bucket}?acl", headers: ("x-amz-acl", bucketAcl));
        await _host.DoAsync(Owner, HttpMethod.Put, $"{bucket}/a", "x", ("x-amz-acl", objectAcl));

        foreach (var sender in new[] { null, Other })
        {
            using var listed = await _host.AsAsync(sender, HttpMethod.Get, bucket);
            using var got = await _host.AsAsync(sender, HttpMethod.Get, $"{bucket}/a");
            using var headed = await _host.AsAsync(sender, HttpMethod.Head, $"{bucket}/a");
            using var wrote = await _host.AsAsync(sender, HttpMethod.Put, $"{bucket}/b", "y");
            using var changed = await _host.AsAsync(sender, HttpMethod.Put, $"{bucket}/a?acl", headers: ("x-amz-acl", "public-read"));
            using var missing = await _host.AsAsync(sender, HttpMethod.Get, $"{bucket}/missing");

            HttpResponseMessage[] responses = [listed, got, headed, wrote, changed];
            Assert.Equal([list, get, get, put, 403], responses.Select(response => (int)response.StatusCode));
            await missing.AssertErrorAsync(list == 200 ? 404 : 403, list == 200 ? "NoSuchKey" : "AccessDenied");
        }
    }

    [Fact]
    public async Task Every_owner_of_a_key_is_an_authenticated_user()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x", ("x-amz-acl", "authenticated-read"));

        await _host.DoAsync(Other, HttpMethod.Get, "/first/a");
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
    }

    [Theory]
    [InlineData("READ", "read")]
    [InlineData("WRITE", "write")]
    [InlineData("READ_ACP", "read-acp")]
    [InlineData("WRITE_ACP", "write-acp")]
    [InlineData("FULL_CONTROL", "full-control")]
    public async Task A_permission_on_a_bucket_allows_its_part(string permission, string header)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");
        var document = AccessControlPolicy(
            Owner, Grant("CanonicalUser", "ID", Owner, "FULL_CONTROL"), Grant("CanonicalUser", "ID", Other, permission));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", document);
        Assert.Equal(["alice FULL_CONTROL", $"bob {permission}"], await _host.GrantsAsync("/first?acl"));
        await CheckAsync("/first");

        (string, string)[] headers = header == "full-control"
            ? [("x-amz-grant-full-control", $"id=\"{Owner}\", id={Other}")]
            : [("x-amz-grant-full-control", $"id=\"{Owner}\""), ($"x-amz-grant-{header}", $"id={Other}")];
        await _host.DoAsync(Owner, HttpMethod.Put, "/second", headers: headers);
        await _host.DoAsync(Owner, HttpMethod.Put, "/second/a", "x");
        await CheckAsync("/second");

        async Task CheckAsync(string bucket)
        {
            var all = permission == "FULL_CONTROL";
            await TryAsync(all || permission == "READ", HttpMethod.Get, bucket);
            await TryAsync(all || permission == "READ", HttpMethod.Head, bucket);
            await TryAsync(all || permission == "WRITE", HttpMethod.Put, $"{bucket}/b");
            await TryAsync(all || permission == "WRITE", HttpMethod.Delete, $"{bucket}/b");
            await TryAsync(all || permission == "READ_ACP", HttpMethod.Get, $"{bucket}?acl");
            await TryAsync(allowed: false, HttpMethod.Get, $"{bucket}/a");
            await TryAsync(allowed: false, HttpMethod.Get, $"{bucket}?policy");
            await TryAsync(allowed: false, HttpMethod.Delete, bucket);
            await TryAsync(all || permission == "WRITE_ACP", HttpMethod.Put, $"{bucket}?acl", ("x-amz-acl", "private"));
        }
    }

    [Fact]
    public async Task An_owner_whose_rights_were_taken_can_still_give_them_back()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a?acl", AccessControlPolicy(Owner));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", AccessControlPolicy(Owner));

        Assert.Empty(await _host.GrantsAsync("/first?acl"));
        Assert.Empty(await _host.GrantsAsync("/first/a?acl"));
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/a", "AccessDenied");
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", "AccessDenied", "x");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "private"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a?acl", headers: ("x-amz-acl", "private"));
        await _host.DoAsync(Owner, HttpMethod.Get, "/first/a");
    }

    [Fact]
    public async Task Groups_stand_before_owners_and_permissions_in_their_order()
    {
        var document = AccessControlPolicy(Owner, Grant("CanonicalUser", "ID", Owner, "READ"), Grant("Group", "URI", AllUsers, "READ"));
        (string, string)[] headers =
        [
            ("x-amz-grant-full-control", "id=bob"), ("x-amz-grant-write-acp", "id=bob"), ("x-amz-grant-read-acp", "id=bob"),
            ("x-amz-grant-write", "id=bob"), ("x-amz-grant-read", $"id=bob,uri=\"{AllUsers}\""),
        ];
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x", headers);
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", document);

        Assert.Equal(["AllUsers READ", "alice READ"], await _host.GrantsAsync("/first?acl"));
        Assert.Equal(
            ["AllUsers READ", "bob READ", "bob WRITE", "bob READ_ACP", "bob WRITE_ACP", "bob FULL_CONTROL"],
            await _host.GrantsAsync("/first/a?acl"));
    }

    [Fact]
    public async Task A_version_has_a_list_of_its_own()
    {
        await _host.CreateBucketAsync("versioned", versioning: Core.Buckets.BucketVersioning.Enabled);
        using var put = await _host.PutAsync("/versioned/a", [1]);
        var old = put.Header("x-amz-version-id");
        await _host.DoAsync(Owner, HttpMethod.Put, "/versioned/a", "new");
        await _host.DoAsync(Owner, HttpMethod.Put, $"/versioned/a?acl&versionId={old}", headers: ("x-amz-acl", "public-read"));

        Assert.Equal(["AllUsers READ", "alice FULL_CONTROL"], await _host.GrantsAsync($"/versioned/a?acl&versionId={old}"));
        Assert.Equal(["alice FULL_CONTROL"], await _host.GrantsAsync("/versioned/a?acl"));
        await _host.RefuseAsync(null, HttpMethod.Get, "/versioned/a", "AccessDenied");
        await _host.DoAsync(null, HttpMethod.Get, $"/versioned/a?versionId={old}");
    }

    [Theory]
    [InlineData("x-amz-acl", "public", "InvalidArgument")]
    [InlineData("x-amz-acl", "log-delivery-write", "NotImplemented")]
    [InlineData("x-amz-grant-read", "id=stranger", "InvalidArgument")]
    [InlineData("x-amz-grant-read", "bob", "InvalidArgument")]
    [InlineData("x-amz-grant-read", "uri=http://example.org/", "InvalidArgument")]
    [InlineData("x-amz-grant-read", "emailAddress=a@example.org", "UnresolvableGrantByEmailAddress")]
    public async Task A_list_that_names_nobody_is_refused(string header, string value, string code)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");

        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?acl", code, headers: (header, value));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/a?acl", code, headers: (header, value));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/b", code, "x", (header, value));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/second", code, headers: (header, value));
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/second", "NoSuchBucket");
    }

    [Fact]
    public async Task A_document_of_another_form_is_refused()
    {
        var byEmail = Grant("AmazonCustomerByEmail", "EmailAddress", "a@example.org", "READ");
        (string Document, string Code)[] documents =
        [
            ("<AccessControlPolicy/>", "MalformedACLError"),
            ("<Other/>", "MalformedACLError"),
            ("<AccessControlPolicy>", "MalformedXML"),
            (AccessControlPolicy(Owner, "<Grant/>"), "MalformedACLError"),
            (AccessControlPolicy(Owner, Grant("CanonicalUser", "ID", Other, "ALL")), "MalformedACLError"),
            (AccessControlPolicy(Owner, Grant("CanonicalUser", "URI", AllUsers, "READ")), "MalformedACLError"),
            (AccessControlPolicy(Owner, Grant("CanonicalUser", "ID", "stranger", "READ")), "InvalidArgument"),
            (AccessControlPolicy(Owner, Grant("Group", "URI", "http://example.org", "READ")), "InvalidArgument"),
            (AccessControlPolicy(Owner, byEmail), "UnresolvableGrantByEmailAddress"),
            (AccessControlPolicy(Other), "AccessDenied"),
            (AccessControlPolicy(Owner, [.. Enumerable.Repeat(Grant("CanonicalUser", "ID", Other, "READ"), 101)]), "MalformedACLError"),
        ];
        foreach (var (document, code) in documents)
        {
            await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?acl", code, document);
        }

        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?acl", "MissingSecurityHeader");
        await _host.RefuseAsync(
            Owner, HttpMethod.Put, "/first?acl", "UnexpectedContent", AccessControlPolicy(Owner), ("x-amz-acl", "private"));
        await _host.RefuseAsync(
            Owner, HttpMethod.Put, "/first?acl", "InvalidRequest", headers: [("x-amz-acl", "private"), ("x-amz-grant-read", "id=bob")]);
        Assert.Equal(["alice FULL_CONTROL"], await _host.GrantsAsync("/first?acl"));
    }

    [Fact]
    public async Task A_request_for_another_owners_bucket_is_refused()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read-write"));

        await _host.DoAsync(null, HttpMethod.Get, "/first", headers: ("x-amz-expected-bucket-owner", Owner));
        await _host.RefuseAsync(null, HttpMethod.Get, "/first", "AccessDenied", headers: ("x-amz-expected-bucket-owner", Other));
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first/a", "AccessDenied", "x", ("x-amz-expected-bucket-owner", Other));
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first/a", "AccessDenied", headers: ("x-amz-expected-bucket-owner", Other));
    }

    [Theory]
    [InlineData("/first/public")]
    [InlineData("/first/a?versionId=00000000000000000000000000000000")]
    public async Task The_source_of_a_copy_opens_nothing_to_a_request_that_copies_nothing(string source)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/public", "x", ("x-amz-acl", "public-read"));

        (string, string)[] headers = [("x-amz-copy-source", source), ("x-amz-acl", "public-read")];
        (string, string)[] closed = [("GET", "/first/a"), ("GET", "/first/a?acl"), ("PUT", "/first/a?acl"), ("GET", "/first/a?tagging")];
        foreach (var (method, target) in closed)
        {
            await _host.RefuseAsync(null, new HttpMethod(method), target, "AccessDenied", headers: headers);
        }

        using var head = await _host.AsAsync(null, HttpMethod.Head, "/first/a", headers: ("x-amz-copy-source", source));
        await head.AssertStatusAsync(403);
    }

    [Fact]
    public async Task Putting_an_object_again_makes_it_private_again()
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x", ("x-amz-acl", "public-read"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x");

        Assert.Equal(["alice FULL_CONTROL"], await _host.GrantsAsync("/first/a?acl"));
        await _host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
    }

    private async Task TryAsync(bool allowed, HttpMethod method, string target, params (string Name, string Value)[] headers)
    {
        var body = method == HttpMethod.Put && headers.Length == 0 ? "x" : null;
        using var response = await _host.AsAsync(Other, method, target, body, headers);
        Assert.True(response.IsSuccessStatusCode == allowed, $"{method} {target}: {(int)response.StatusCode}");
        Assert.True(allowed || (int)response.StatusCode == 403, $"{method} {target}: {(int)response.StatusCode}");
    }
}
