using System.Xml.Linq;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Locks;

public sealed class LockedDeletionTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
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
    public async Task A_version_in_governance_mode_goes_only_by_a_bypass()
    {
        var version = await _host.PutVersionAsync("/locked/a", (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, LockHost.Far));

        await RefusedAsync(version);
        using (var bypassed = await _host.DeleteAsync($"/locked/a?versionId={version}", LockHost.Bypass))
        {
            await bypassed.AssertStatusAsync(204);
        }

        using var gone = await _host.HeadAsync($"/locked/a?versionId={version}");
        await gone.AssertStatusAsync(404);
    }

    [Theory]
    [InlineData(LockHost.Mode, "COMPLIANCE")]
    [InlineData(LockHost.Hold, "ON")]
    public async Task A_version_in_compliance_mode_or_held_goes_by_nothing(string name, string value)
    {
        var version = name == LockHost.Hold
            ? await _host.PutVersionAsync("/locked/a", (name, value))
            : await _host.PutVersionAsync("/locked/a", (name, value), (LockHost.Until, LockHost.Far));

        await RefusedAsync(version);
        await RefusedAsync(version, LockHost.Bypass);

        // A bucket with such a version can be neither emptied nor deleted.
        using (var hidden = await _host.DeleteAsync("/locked/a"))
        {
            await hidden.AssertStatusAsync(204);
            using var unhidden = await _host.DeleteAsync($"/locked/a?versionId={hidden.Header("x-amz-version-id")}");
            await unhidden.AssertStatusAsync(204);
        }

        using (var bucket = await _host.DeleteAsync("/locked"))
        {
            await bucket.AssertErrorAsync(409, "BucketNotEmpty");
        }

        using var read = await _host.GetAsync("/locked/a");
        Assert.Equal("/locked/a", await read.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_hold_that_is_lifted_holds_no_more_and_retention_that_is_over_keeps_no_more()
    {
        var held = await _host.PutVersionAsync("/locked/a", (LockHost.Hold, "ON"));
        await RefusedAsync(held);
        await _host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?legal-hold", LockHost.LegalHold("OFF"));
        await DoneAsync("a", held);

        var kept = await _host.PutVersionAsync("/locked/b", (LockHost.Mode, "COMPLIANCE"), (LockHost.Until, LockHost.InDays(3.0 / 86_400)));
        await Until.TrueAsync("the retention is over", async () =>
        {
            using var response = await _host.DeleteAsync($"/locked/b?versionId={kept}");
            return (int)response.StatusCode == 204;
        });
    }

    [Fact]
    public async Task Many_deletions_refuse_locked_versions_one_by_one()
    {
        var kept = await _host.PutVersionAsync("/locked/kept", (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, LockHost.Far));
        var held = await _host.PutVersionAsync("/locked/held", (LockHost.Hold, "ON"));
        var free = await _host.PutVersionAsync("/locked/free");

        Assert.Equal(["Error held AccessDenied", "Error kept AccessDenied", "Deleted free", "Deleted hidden"], await DeleteAsync());
        Assert.Equal(["Error held AccessDenied", "Deleted kept", "Deleted free", "Deleted hidden"], await DeleteAsync(LockHost.Bypass));

        async Task<string[]> DeleteAsync(params (string, string)[] headers)
        {
            (string, string?)[] entries = [("held", held), ("kept", kept), ("free", free), ("hidden", null)];
            var body = string.Concat(entries.Select(entry =>
                $"<Object><Key>{entry.Item1}</Key>{(entry.Item2 is null ? "" : $"<VersionId>{entry.Item2}</VersionId>")}</Object>"));
            var bytes = System.Text.Encoding.UTF8.GetBytes($"<Delete>{body}</Delete>");
#pragma warning disable CA5351 // MD5 is what the header carries.
            using var response = await _host.SendAsync(
                HttpMethod.Post, "/locked?delete", bytes, S3TestHost.Owner,
                [("Content-MD5", Convert.ToBase64String(System.Security.Cryptography.MD5.HashData(bytes))), .. headers]);
#pragma warning restore CA5351
            await response.AssertStatusAsync(200);
            return
            [
                .. (await response.XmlAsync()).Elements().Select(element =>
                    $"{element.Name.LocalName} {element.Element(s_ns + "Key")?.Value} {element.Element(s_ns + "Code")?.Value}".TrimEnd()),
            ];
        }
    }

    [Fact]
    public async Task A_bypass_needs_its_right_even_where_nothing_is_locked()
    {
        var kept = await _host.PutVersionAsync("/locked/a", (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, LockHost.Far));
        var free = await _host.PutVersionAsync("/locked/b");
        await _host.SetPolicyAsync("Allow", "s3:DeleteObjectVersion", "locked/*");

        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Delete, $"/locked/a?versionId={kept}", "AccessDenied");
        await _host.RefuseAsync(
            AccessHost.Other, HttpMethod.Delete, $"/locked/a?versionId={kept}", "AccessDenied", body: null, LockHost.Bypass);
        await _host.RefuseAsync(
            AccessHost.Other, HttpMethod.Delete, $"/locked/b?versionId={free}", "AccessDenied", body: null, LockHost.Bypass);
        await _host.DoAsync(AccessHost.Other, HttpMethod.Delete, $"/locked/b?versionId={free}");

        await _host.DoAsync(
            S3TestHost.Owner, HttpMethod.Put, "/locked?policy",
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
                "Action": ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"], "Resource": "arn:aws:s3:::locked/*"}]}
            """);
        await _host.DoAsync(AccessHost.Other, HttpMethod.Delete, $"/locked/a?versionId={kept}", body: null, LockHost.Bypass);
    }

    [Fact]
    public async Task A_policy_can_keep_even_the_owner_from_bypassing()
    {
        var kept = await _host.PutVersionAsync("/locked/a", (LockHost.Mode, "GOVERNANCE"), (LockHost.Until, LockHost.Far));
        await _host.SetPolicyAsync("Deny", "s3:BypassGovernanceRetention", "locked/*");

        await RefusedAsync(kept, LockHost.Bypass);
        var sooner = LockHost.Retention("GOVERNANCE", "2130-01-01T00:00:00Z");
        await _host.RefuseAsync(S3TestHost.Owner, HttpMethod.Put, "/locked/a?retention", "AccessDenied", sooner, LockHost.Bypass);
    }

    private async Task RefusedAsync(string version, params (string, string)[] headers)
    {
        using var refused = await _host.DeleteAsync($"/locked/a?versionId={version}", headers);
        await refused.AssertErrorAsync(403, "AccessDenied");
    }

    private async Task DoneAsync(string key, string version)
    {
        using var done = await _host.DeleteAsync($"/locked/{key}?versionId={version}");
        await done.AssertStatusAsync(204);
    }
}
