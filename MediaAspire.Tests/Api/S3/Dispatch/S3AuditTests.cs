using System.Text;
using MediaAspire.Core.Audit;
using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Api.S3.Signing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Dispatch;

/// <summary>The audit log of the S3 API. Only what is recorded before its response is in the database without a flush.</summary>
public sealed class S3AuditTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, string?> s_settings = new() { ["Audit:FlushInterval"] = "00:01:00" };

    public Task InitializeAsync() => postgres.ClearAsync("audit_events");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Changes_of_objects_are_recorded_in_a_batch()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await host.CreateBucketAsync("films");
        using var put = await host.PutAsync("/films/a%20b", "hello"u8.ToArray());
        using var get = await host.GetAsync("/films/a%20b");
        using var deleted = await host.DeleteAsync("/films/a%20b");
        Assert.Empty(await ListAsync());
        await FlushAsync(host);

        var events = await ListAsync();

        Assert.Equal(["PutObject", "DeleteObject"], events.Select(one => one.Action));
        Assert.All(events, one =>
        {
            Assert.Equal((AuditApi.S3, AuditOutcome.Done, "/films/a b"), (one.Api, one.Outcome, one.Resource));
            Assert.Equal(new AuditActor(AuditActorKind.AccessKey, "KEY-alice", "alice"), one.Actor);
            Assert.Equal("127.0.0.1", one.Address?.ToString());
        });
        Assert.Equal(put.Header("x-amz-request-id"), events[0].RequestId);
    }

    [Fact]
    public async Task A_deletion_of_many_names_every_key_with_its_outcome()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await host.CreateBucketAsync("films");
        const string Body = "<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object>"
            + "<Object><Key>b</Key><ETag>\"d41d8cd98f00b204e9800998ecf8427e\"</ETag></Object></Delete>";
        using var put = await host.PutAsync("/films/b", "hello"u8.ToArray());
        using var deleted = await host.SendAsync(
            HttpMethod.Post, "/films?delete", Encoding.UTF8.GetBytes(Body), S3TestHost.Owner, ("Content-MD5", Md5(Body)));
        await deleted.AssertStatusAsync(200);
        await FlushAsync(host);

        var events = (await ListAsync()).Where(one => one.Action == "DeleteObjects").OrderBy(one => one.Resource).ToList();

        Assert.Equal(["/films/a", "/films/b"], events.Select(one => one.Resource));
        Assert.Equal([AuditOutcome.Done, AuditOutcome.Refused], events.Select(one => one.Outcome));
        Assert.Equal("PreconditionFailed", events[1].Reason);
    }

    [Fact]
    public async Task Changes_of_configuration_are_recorded_before_their_response()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);

        using var created = await host.PutAsync("/films", []);
        using var policy = await host.PutAsync("/films?policy", Encoding.UTF8.GetBytes(
            AccessHost.Policy("Deny", "s3:GetObject", "films/*")));
        using var removed = await host.DeleteAsync("/films?policy");
        using var deleted = await host.DeleteAsync("/films");
        await deleted.AssertStatusAsync(204);

        // Events of one millisecond are in no order.
        Assert.Equal(
            ["CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "PutBucketPolicy"],
            (await ListAsync()).Select(one => one.Action).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refusals_are_recorded_reads_too_and_counted()
    {
        await using var host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await host.CreateBucketAsync("films");
        for (var i = 0; i < 20; i++)
        {
            using var denied = await host.SendAsync(HttpMethod.Get, $"/films/{i}", owner: "bob");
            using var anonymous = await host.SendAsync(HttpMethod.Put, $"/films/{i}", [], owner: null);
            using var missing = await host.GetAsync($"/films/{i}");
        }

        await FlushAsync(host);

        var events = await ListAsync();
        Assert.Equal(
            [("GetObject", "bob", 1), ("GetObject", "bob", 19), ("PutObject", null, 1), ("PutObject", null, 19)],
            events.Select(one => (one.Action, one.Actor.OwnerId, one.Repeats)).Order());
        Assert.All(events, one => Assert.Equal((AuditOutcome.Refused, 403, "AccessDenied"), (one.Outcome, one.Status, one.Reason)));
    }

    [Fact]
    public async Task A_wrong_signature_is_recorded_with_the_claimed_key()
    {
        await using var host = await SignedHost.StartAsync(postgres, s_settings);
        var forged = new ClientSigner(ClientSigner.KeyId, "another", host.Client.Time);
        using var refused = await host.SendAsync(forged.Presign("GET", SignedHost.Path("k"), [], [], "60"));
        await refused.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await FlushAsync(host.S3);

        var one = Assert.Single(await ListAsync());

        Assert.Equal(new AuditActor(AuditActorKind.Unverified, ClientSigner.KeyId, null), one.Actor);
        Assert.Equal(("SignatureDoesNotMatch", "/signed/k"), (one.Reason, one.Resource));
    }

#pragma warning disable CA5351 // The header requires it.
    private static string Md5(string text) =>
        Convert.ToBase64String(System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private static Task<bool> FlushAsync(S3TestHost host) => host.Service<AuditLog>().FlushAsync(endWindow: true, CancellationToken.None);

    private Task<IReadOnlyList<AuditEvent>> ListAsync() =>
        new AuditStore(postgres.Database).ListAsync(new(), after: null, oldestFirst: true, 100, CancellationToken.None);
}
