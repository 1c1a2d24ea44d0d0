using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Locks;

/// <summary>Retention and legal holds of existing versions.</summary>
public sealed class ObjectLockTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;
    private string _older = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateLockedAsync();
        _older = await _host.PutVersionAsync("/locked/a");
        await _host.PutVersionAsync("/locked/a");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Retention_is_of_the_version_that_is_named()
    {
        await _host.DoAsync(
            S3TestHost.Owner,
            HttpMethod.Put,
            $"/locked/a?retention&versionId={_older}",
            LockHost.Retention("GOVERNANCE", "2130-01-02T03:04:05.678Z"));

        Assert.Equal("GOVERNANCE2130-01-02T03:04:05.678Z", await TextAsync($"/locked/a?retention&versionId={_older}"));
        Assert.Equal(("GOVERNANCE", "2130-01-02T03:04:05.678Z", null), await _host.LockOfAsync($"/locked/a?versionId={_older}"));
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, "/locked/a?retention", "NoSuchObjectLockConfiguration");
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/a"));
    }

    [Fact]
    public async Task Retention_in_governance_mode_is_made_longer_by_anybody_and_less_by_a_bypass()
    {
        await SetAsync("GOVERNANCE", "2130-01-01T00:00:00Z");
        await SetAsync("GOVERNANCE", "2130-01-03T00:00:00Z");
        await HeldAsync(LockHost.Retention("GOVERNANCE", "2130-01-02T23:59:59.999Z"));
        await HeldAsync(LockHost.Retention("COMPLIANCE", "2130-01-03T00:00:00Z"));
        await HeldAsync("<Retention/>");
        await SetAsync("GOVERNANCE", "2130-01-01T00:00:00Z", LockHost.Bypass);
        Assert.Equal("GOVERNANCE2130-01-01T00:00:00.000Z", await TextAsync("/locked/a?retention"));

        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?retention", "<Retention/>", LockHost.Bypass);
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, "/locked/a?retention", "NoSuchObjectLockConfiguration");
        await SetAsync("GOVERNANCE", "2130-01-01T00:00:00Z");
        await SetAsync("COMPLIANCE", "2129-01-01T00:00:00Z", LockHost.Bypass);
        Assert.Equal("COMPLIANCE2129-01-01T00:00:00.000Z", await TextAsync("/locked/a?retention"));
    }

    [Fact]
    public async Task Retention_in_compliance_mode_is_only_made_longer()
    {
        await SetAsync("COMPLIANCE", "2130-01-01T00:00:00Z");
        string[] weaker =
        [
            LockHost.Retention("COMPLIANCE", "2129-12-31T00:00:00Z"),
            LockHost.Retention("GOVERNANCE", "2131-01-01T00:00:00Z"),
            "<Retention/>",
        ];
        foreach (var body in weaker)
        {
            await HeldAsync(body);
            await HeldAsync(body, LockHost.Bypass);
        }

        await SetAsync("COMPLIANCE", "2130-01-01T00:00:00.001Z");
        Assert.Equal("COMPLIANCE2130-01-01T00:00:00.001Z", await TextAsync("/locked/a?retention"));
    }

    [Fact]
    public async Task What_HEAD_shows_can_be_set_again()
    {
        await SetAsync("COMPLIANCE", "2130-01-01T00:00:00.123456789Z");
        var (_, shown, _) = await _host.LockOfAsync("/locked/a");
        Assert.Equal("2130-01-01T00:00:00.124Z", shown);
        await SetAsync("COMPLIANCE", shown!);

        await _host.SetDefaultAsync(LockHost.Rule("<Mode>COMPLIANCE</Mode><Days>1</Days>"));
        await _host.PutVersionAsync("/locked/b");
        var (_, byDefault, _) = await _host.LockOfAsync("/locked/b");
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/b?retention", LockHost.Retention("COMPLIANCE", byDefault!));
    }

    [Theory]
    [InlineData("", "MalformedXML")]
    [InlineData("<LegalHold><Status>ON</Status></LegalHold>", "MalformedXML")]
    [InlineData("<Retention><Mode>GOVERNANCE</Mode></Retention>", "MalformedXML")]
    [InlineData("<Retention><RetainUntilDate>2130-01-01T00:00:00Z</RetainUntilDate></Retention>", "MalformedXML")]
    [InlineData("<Retention><Mode>governance</Mode><RetainUntilDate>2130-01-01T00:00:00Z</RetainUntilDate></Retention>", "MalformedXML")]
    [InlineData("<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>tomorrow</RetainUntilDate></Retention>", "MalformedXML")]
    [InlineData(
        "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2130-01-01T00:00:00Z</RetainUntilDate><Days>1</Days></Retention>",
        "MalformedXML")]
    [InlineData("<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate></Retention>", "InvalidArgument")]
    public async Task PutObjectRetention_BadDocument_ChangesNothing(string body, string code)
    {
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?retention", code, body);
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/locked/a?retention", "AccessDenied", body);
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/a"));
    }

    [Theory]
    [InlineData("", "MalformedXML")]
    [InlineData("<LegalHold/>", "MalformedXML")]
    [InlineData("<LegalHold><Status>on</Status></LegalHold>", "MalformedXML")]
    [InlineData("<LegalHold><Status>abc</Status></LegalHold>", "MalformedXML")]
    [InlineData("<Other><Status>ON</Status></Other>", "MalformedXML")]
    public async Task PutObjectLegalHold_BadDocument_ChangesNothing(string body, string code)
    {
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?legal-hold", code, body);
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/locked/a?legal-hold", "AccessDenied", body);
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/a"));
    }

    [Fact]
    public async Task A_hold_is_told_apart_from_none_once_it_was_set()
    {
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, "/locked/a?legal-hold", "NoSuchObjectLockConfiguration");
        foreach (var status in new[] { "ON", "OFF" })
        {
            await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?legal-hold", LockHost.LegalHold(status));
            Assert.Equal(status, await TextAsync("/locked/a?legal-hold"));
            Assert.Equal((null, null, status), await _host.LockOfAsync("/locked/a"));
        }

        await _host.RefuseAsync(
            S3TestHost.Owner, HttpMethod.Get, $"/locked/a?legal-hold&versionId={_older}", "NoSuchObjectLockConfiguration");
    }

    [Fact]
    public async Task Where_there_is_no_object_lock_nothing_is_locked_and_what_is_not_there_is_not_found()
    {
        await _host.CreateBucketAsync("plain");
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/plain/a", "text");
        var retention = LockHost.Retention("GOVERNANCE", LockHost.Far);
        foreach (var (subresource, body) in new[] { ("retention", retention), ("legal-hold", LockHost.LegalHold("ON")) })
        {
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, $"/plain/a?{subresource}", "InvalidRequest", body);
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, $"/plain/a?{subresource}", "InvalidRequest");
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, $"/locked/none?{subresource}", "NoSuchKey", body);
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, $"/locked/none?{subresource}", "NoSuchKey");
            var missing = $"/locked/a?{subresource}&versionId=018f0000000070008000000000000000";
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, missing, "NoSuchVersion", body);
        }

        using var hidden = await _host.DeleteAsync("/locked/a");
        var target = $"/locked/a?legal-hold&versionId={hidden.Header("x-amz-version-id")}";
        using var marker = await _host.PutAsync(target, System.Text.Encoding.UTF8.GetBytes(LockHost.LegalHold("ON")));
        await marker.AssertErrorAsync(405, "MethodNotAllowed");
    }

    [Fact]
    public async Task Locks_belong_to_the_bucket_owner_and_not_to_the_object_owner()
    {
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked?acl", body: null, ("x-amz-acl", "public-read-write"));
        await _host.DoAsync(AccessHost.Other, HttpMethod.Put, "/locked/theirs", "text", ("x-amz-acl", "public-read"));

        await _host.RefuseAsync(
            AccessHost.Other, HttpMethod.Put, "/locked/theirs?retention", "AccessDenied", LockHost.Retention("COMPLIANCE", LockHost.Far));
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/locked/theirs?legal-hold", "AccessDenied", LockHost.LegalHold("ON"));
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/theirs?retention", LockHost.Retention("GOVERNANCE", LockHost.Far));
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/theirs?legal-hold", LockHost.LegalHold("ON"));

        // The right to read an object does not show its lock.
        Assert.Equal(("GOVERNANCE", LockHost.Far, "ON"), await _host.LockOfAsync("/locked/theirs"));
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/theirs", AccessHost.Other));
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/theirs", sender: null));
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Get, "/locked/theirs?retention", "AccessDenied");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Get, "/locked/theirs?legal-hold", "AccessDenied");

        await _host.SetPolicyAsync("Allow", "s3:GetObjectRetention", "locked/*");
        Assert.Equal(("GOVERNANCE", LockHost.Far, null), await _host.LockOfAsync("/locked/theirs", AccessHost.Other));
        await _host.DoAsync(AccessHost.Other, HttpMethod.Get, "/locked/theirs?retention");

        await _host.SetPolicyAsync("Deny", "s3:GetObjectLegalHold", "locked/*");
        Assert.Equal(("GOVERNANCE", LockHost.Far, null), await _host.LockOfAsync("/locked/theirs"));
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, "/locked/theirs?legal-hold", "AccessDenied");
    }

    private Task SetAsync(string mode, string until, params (string, string)[] headers) =>
        _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?retention", LockHost.Retention(mode, until), headers);

    private Task HeldAsync(string body, params (string, string)[] headers) =>
        _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?retention", "AccessDenied", body, headers);

    private async Task<string> TextAsync(string target)
    {
        using var response = await _host.GetAsync(target);
        await response.AssertStatusAsync(200);
        return (await response.XmlAsync()).Value;
    }
}
