using System.Xml.Linq;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Locks;

/// <summary>Locks set together with a write: a put, a copy or a multipart upload.</summary>
public sealed class LockedPutTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly XNamespace s_ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateLockedAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_put_locks_as_its_headers_say_and_HEAD_and_GET_show_it()
    {
        await _host.PutVersionAsync("/locked/a", (LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.Far), (LockHost.Hold, "ON"));
        await _host.PutVersionAsync("/locked/b", (LockHost.Hold, "OFF"));
        await _host.PutVersionAsync("/locked/c");

        Assert.Equal(("COMPLIANCE", LockHost.Far, "ON"), await _host.LockOfAsync("/locked/a"));
        Assert.Equal((null, null, "OFF"), await _host.LockOfAsync("/locked/b"));
        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/c"));
        using var read = await _host.GetAsync("/locked/a");
        Assert.Equal("COMPLIANCE", read.Header(LockHost.Mode));
        Assert.Equal(LockHost.Far, read.Header(LockHost.Until));
        Assert.Equal("ON", read.Header(LockHost.Hold));
    }

    [Theory]
    [InlineData("GOVERNANCE", null, null, "InvalidArgument")]
    [InlineData(null, LockHost.Far, null, "InvalidArgument")]
    [InlineData("governance", LockHost.Far, null, "InvalidArgument")]
    [InlineData("NONE", LockHost.Far, null, "InvalidArgument")]
    [InlineData("GOVERNANCE", "soon", null, "InvalidArgument")]
    [InlineData("GOVERNANCE", "2020-01-01T00:00:00Z", null, "InvalidArgument")]
    [InlineData("GOVERNANCE", "9999-12-31T23:59:59.9999999Z", null, "InvalidArgument")]
    [InlineData(null, null, "on", "InvalidArgument")]
    [InlineData(null, null, "MAYBE", "InvalidArgument")]
    public async Task Headers_that_are_no_lock_refuse_the_put_and_nothing_is_kept(string? mode, string? until, string? hold, string code)
    {
        foreach (var (bucket, expected) in new[] { ("locked", code), ("plain", "InvalidRequest") })
        {
            if (bucket == "plain")
            {
                await _host.CreateBucketAsync(bucket);
            }

            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, $"/{bucket}/a", expected, "text", Headers(mode, until, hold));
            await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Post, $"/{bucket}/a?uploads", expected, "", Headers(mode, until, hold));
        }

        await _host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task The_buckets_default_locks_puts_copies_and_what_comes_in_parts_but_no_marker()
    {
        await _host.SetDefaultAsync(LockHost.Rule("<Mode>GOVERNANCE</Mode><Days>2</Days>"));
        await _host.PutVersionAsync("/locked/put");
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/copy", body: null, ("x-amz-copy-source", "/locked/put"));
        await UploadAsync("/locked/parts");

        foreach (var key in new[] { "put", "copy", "parts" })
        {
            var (mode, until, hold) = await _host.LockOfAsync($"/locked/{key}");
            Assert.Equal(("GOVERNANCE", (string?)null), (mode, hold));
            var now = TimeProvider.System.GetUtcNow();
            Assert.InRange(DateTimeOffset.Parse(until!), now.AddDays(1.9), now.AddDays(2));
        }

        using var hidden = await _host.DeleteAsync("/locked/put");
        using var removed = await _host.DeleteAsync($"/locked/put?versionId={hidden.Header("x-amz-version-id")}");
        await removed.AssertStatusAsync(204);
    }

    [Fact]
    public async Task What_comes_in_parts_is_locked_as_was_said_at_its_beginning()
    {
        await _host.SetDefaultAsync(LockHost.Rule("<Mode>GOVERNANCE</Mode><Days>2</Days>"));
        await UploadAsync("/locked/a", (LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.Far), (LockHost.Hold, "ON"));

        Assert.Equal(("COMPLIANCE", LockHost.Far, "ON"), await _host.LockOfAsync("/locked/a"));
    }

    [Fact]
    public async Task A_copy_has_a_lock_of_its_own_and_not_its_sources()
    {
        await _host.CreateBucketAsync("plain");
        await _host.PutVersionAsync("/locked/source", (LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.Far), (LockHost.Hold, "ON"));
        var source = ("x-amz-copy-source", "/locked/source");

        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/free", body: null, source);
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/plain/free", body: null, source);
        (string, string)[] own = [source, (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, "2130-06-01T02:03:04+02:00")];
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/own", body: null, own);
        await _host.RefuseAsync(
            S3TestHost.Owner, HttpMethod.Put, "/plain/held", "InvalidRequest", body: null, source, (LockHost.Hold, "ON"));

        Assert.Equal((null, null, null), await _host.LockOfAsync("/locked/free"));
        Assert.Equal((null, null, null), await _host.LockOfAsync("/plain/free"));
        Assert.Equal(("GOVERNANCE", "2130-06-01T00:03:04.000Z", null), await _host.LockOfAsync("/locked/own"));
    }

    [Fact]
    public async Task Who_may_write_may_not_lock_unless_a_policy_allows_it()
    {
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked?acl", body: null, ("x-amz-acl", "public-read-write"));
        await _host.DoAsync(AccessHost.Other, HttpMethod.Put, "/locked/free", "text");
        (string, string)[] retention = [(LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.Far)];
        foreach (var sender in new[] { AccessHost.Other, null })
        {
            await _host.RefuseAsync(sender, HttpMethod.Put, "/locked/a", "AccessDenied", "text", (LockHost.Hold, "ON"));
            await _host.RefuseAsync(sender, HttpMethod.Put, "/locked/a", "AccessDenied", "text", retention);
            await _host.RefuseAsync(
                sender, HttpMethod.Put, "/locked/a", "AccessDenied", body: null, [("x-amz-copy-source", "/locked/free"), .. retention]);
            await _host.RefuseAsync(sender, HttpMethod.Post, "/locked/a?uploads", "AccessDenied", "", retention);
        }

        await _host.SetPolicyAsync("Allow", "s3:PutObjectRetention", "locked/*");
        await _host.DoAsync(AccessHost.Other, HttpMethod.Put, "/locked/a", "text", retention);
        await _host.RefuseAsync(
            AccessHost.Other, HttpMethod.Put, "/locked/b", "AccessDenied", "text", [(LockHost.Hold, "ON"), .. retention]);
    }

    [Theory]
    [InlineData("NumericGreaterThan", "s3:object-lock-remaining-retention-days", "10")]
    [InlineData("StringEquals", "s3:object-lock-mode", "COMPLIANCE")]
    [InlineData("DateGreaterThan", "s3:object-lock-retain-until-date", "2139-01-01T00:00:00Z")]
    public async Task A_policy_can_bound_how_long_and_how_objects_are_kept(string type, string key, string value)
    {
        await _host.PutVersionAsync("/locked/there");
        await _host.DoAsync(
            S3TestHost.Owner, HttpMethod.Put, "/locked?policy",
            AccessHost.Policy("Deny", "s3:PutObjectRetention", "locked/*", condition: $"{{\"{type}\": {{\"{key}\": \"{value}\"}}}}"));
        var near = LockHost.InDays(10);

        (string, string)[] retention = [(LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.Far)];
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a", "AccessDenied", "text", retention);
        await _host.RefuseAsync(
            S3TestHost.Owner, HttpMethod.Put, "/locked/there?retention", "AccessDenied", LockHost.Retention("COMPLIANCE", LockHost.Far));
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a", "text", (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, near));
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/there?retention", LockHost.Retention("GOVERNANCE", near));
    }

    private static (string, string)[] Headers(string? mode, string? until, string? hold) =>
    [
        .. new[] { (LockHost.Mode, mode), (LockHost.Until, until), (LockHost.Hold, hold) }.Where(header => header.Item2 is not null)
            .Select(header => (header.Item1, header.Item2!)),
    ];

    private async Task UploadAsync(string target, params (string Name, string Value)[] headers)
    {
        using var begun = await _host.SendAsync(HttpMethod.Post, $"{target}?uploads", [], S3TestHost.Owner, headers);
        await begun.AssertStatusAsync(200);
        var upload = (await begun.XmlAsync()).Element(s_ns + "UploadId")!.Value;
        using var part = await _host.PutAsync($"{target}?uploadId={upload}&partNumber=1", "part"u8.ToArray());
        await part.AssertStatusAsync(200);
        var list = TestUpload.ListOf((1, part.Header("ETag")!));
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Post, $"{target}?uploadId={upload}", list);
    }
}
