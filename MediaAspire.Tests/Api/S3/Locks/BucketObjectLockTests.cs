using System.Text;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Locks;

public sealed class BucketObjectLockTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;

    public async Task InitializeAsync() => _host = await S3TestHost.StartAsync(postgres);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_bucket_made_with_object_lock_keeps_versions_for_good()
    {
        await _host.CreateLockedAsync();

        Assert.Equal("Enabled", await TextAsync("/locked?versioning"));
        Assert.Equal("Enabled", await TextAsync("/locked?object-lock"));
        using var suspended = await _host.PutAsync(
            "/locked?versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"u8.ToArray());
        await suspended.AssertErrorAsync(409, "InvalidBucketState");
        await SetVersioningAsync("locked", "Enabled");
        Assert.Equal("Enabled", await TextAsync("/locked?versioning"));
        using var deleted = await _host.DeleteAsync("/locked");
        await deleted.AssertStatusAsync(204);
    }

    [Theory]
    [InlineData("yes", 400, "InvalidArgument")]
    [InlineData("TRUE", 200, null)]
    [InlineData("false", 200, null)]
    public async Task CreateBucket_LockHeader_IsTrueOrFalse(string value, int status, string? code)
    {
        using var response = await _host.PutAsync("/some", [], ("x-amz-bucket-object-lock-enabled", value));
        if (code is not null)
        {
            await response.AssertErrorAsync(status, code);
            return;
        }

        await response.AssertStatusAsync(status);
        using var configuration = await _host.GetAsync("/some?object-lock");
        await configuration.AssertStatusAsync(value == "TRUE" ? 200 : 404);
    }

    [Fact]
    public async Task CreateBucket_AgainWithALockThatItHasNot_IsNotSaidToBeDone()
    {
        await _host.CreateBucketAsync("plain");
        using var plain = await _host.PutAsync("/plain", [], ("x-amz-bucket-object-lock-enabled", "true"));
        await plain.AssertErrorAsync(409, "BucketAlreadyExists");

        await _host.CreateLockedAsync();
        await _host.CreateLockedAsync();
    }

    [Theory]
    [InlineData("<Mode>GOVERNANCE</Mode><Days>1</Days>")]
    [InlineData("<Mode>COMPLIANCE</Mode><Days>36500</Days>")]
    [InlineData("<Mode>COMPLIANCE</Mode><Years>100</Years>")]
    public async Task A_default_comes_back_as_it_was_set_and_goes_with_a_configuration_without_rule(string retention)
    {
        await _host.CreateLockedAsync();
        await _host.SetDefaultAsync(LockHost.Rule(retention));

        using (var response = await _host.GetAsync("/locked?object-lock"))
        {
            await response.AssertStatusAsync(200);
            var document = await response.XmlAsync();
            Assert.Equal("{http://s3.amazonaws.com/doc/2006-03-01/}ObjectLockConfiguration", document.Name.ToString());
            var written = document.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
            Assert.Equal(
                LockHost.Configuration(LockHost.Rule(retention)),
                written.Replace(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"", "", StringComparison.Ordinal));
        }

        await _host.SetDefaultAsync("");
        Assert.Equal("Enabled", await TextAsync("/locked?object-lock"));
    }

    [Fact]
    public async Task Object_lock_can_be_turned_on_where_versions_are_kept()
    {
        await _host.CreateBucketAsync("later");
        var configuration = LockHost.Configuration(LockHost.Rule("<Mode>GOVERNANCE</Mode><Days>1</Days>"));
        foreach (var status in new[] { null, "Suspended" })
        {
            if (status is not null)
            {
                await SetVersioningAsync("later", status);
            }

            using var refused = await _host.PutAsync("/later?object-lock", Encoding.UTF8.GetBytes(configuration));
            await refused.AssertErrorAsync(409, "InvalidBucketState");
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Get, "/later?object-lock", "ObjectLockConfigurationNotFoundError");
        }

        await SetVersioningAsync("later", "Enabled");
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/later?object-lock", configuration);
        var version = await _host.PutVersionAsync("/later/a");
        using var deleted = await _host.DeleteAsync($"/later/a?versionId={version}");
        await deleted.AssertErrorAsync(403, "AccessDenied");
    }

    [Theory]
    [InlineData("", "MalformedXML")]
    [InlineData("<Other/>", "MalformedXML")]
    [InlineData("<ObjectLockConfiguration/>", "MalformedXML")]
    [InlineData("<ObjectLockConfiguration><ObjectLockEnabled>Disabled</ObjectLockEnabled></ObjectLockConfiguration>", "MalformedXML")]
    [InlineData(
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Unknown/></ObjectLockConfiguration>", "MalformedXML")]
    [InlineData("!<Mode>governance</Mode><Days>1</Days>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode>", "MalformedXML")]
    [InlineData("!<Days>1</Days>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>1</Days><Days>2</Days>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>x</Days>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>99999999999</Days>", "MalformedXML")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>0</Days>", "InvalidRetentionPeriod")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Years>-1</Years>", "InvalidRetentionPeriod")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Days>36501</Days>", "InvalidRetentionPeriod")]
    [InlineData("!<Mode>GOVERNANCE</Mode><Years>101</Years>", "InvalidRetentionPeriod")]
    public async Task PutObjectLockConfiguration_BadDocument_ChangesNothing(string body, string code)
    {
        await _host.CreateLockedAsync();
        await _host.SetDefaultAsync(LockHost.Rule("<Mode>COMPLIANCE</Mode><Days>7</Days>"));

        var document = body.StartsWith('!') ? LockHost.Configuration(LockHost.Rule(body[1..])) : body;
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked?object-lock", code, document);

        Assert.Equal("EnabledCOMPLIANCE7", await TextAsync("/locked?object-lock"));
    }

    [Fact]
    public async Task Configurations_are_their_owners_and_those_a_policy_allows_them()
    {
        await _host.CreateLockedAsync();
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Get, "/locked?object-lock", "AccessDenied");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/locked?object-lock", "AccessDenied", LockHost.Configuration(""));

        await _host.SetPolicyAsync("Allow", "s3:GetBucketObjectLockConfiguration", "locked");
        await _host.DoAsync(AccessHost.Other, HttpMethod.Get, "/locked?object-lock");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/locked?object-lock", "AccessDenied", LockHost.Configuration(""));
    }

    private Task SetVersioningAsync(string bucket, string status) => _host.DoAsync(
        S3TestHost.Owner,
        HttpMethod.Put,
        $"/{bucket}?versioning",
        $"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");

    private async Task<string> TextAsync(string target)
    {
        using var response = await _host.GetAsync(target);
        await response.AssertStatusAsync(200);
        return (await response.XmlAsync()).Value;
    }
}
