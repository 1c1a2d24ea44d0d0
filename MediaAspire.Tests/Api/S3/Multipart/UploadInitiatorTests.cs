using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

/// <summary>Bob may only put objects into alice's bucket, and begins an upload there.</summary>
public sealed class UploadInitiatorTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Alice = S3TestHost.Owner;
    private const string Bob = AccessHost.Other;
    private const string Carol = "carol";

    private S3TestHost _host = null!;
    private string _target = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await AllowAsync("s3:PutObject", "first/*");
        _target = await BeginAsync(Bob);
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task The_initiator_lists_its_parts_and_aborts_its_upload()
    {
        using var list = await _host.AsAsync(Bob, HttpMethod.Get, _target);
        using var abort = await _host.AsAsync(Bob, HttpMethod.Delete, _target);
        using var again = await _host.AsAsync(Bob, HttpMethod.Delete, _target);

        await list.AssertStatusAsync(200);
        Assert.Equal(Bob, (await list.XmlAsync()).Named("Initiator").Single().Text("ID"));
        await abort.AssertStatusAsync(204);
        await again.AssertErrorAsync(404, "NoSuchUpload");
        Assert.Equal(0, await _host.Files.CountAsync("SELECT count(*) FROM multipart_parts"));
    }

    [Fact]
    public async Task Initiators_that_may_no_longer_write_can_still_abort()
    {
        await _host.DoAsync(Alice, HttpMethod.Delete, "/first?policy");

        using var part = await _host.AsAsync(Bob, HttpMethod.Put, _target + "&partNumber=2", "more");
        using var abort = await _host.AsAsync(Bob, HttpMethod.Delete, _target);

        await part.AssertErrorAsync(403, "AccessDenied");
        await abort.AssertStatusAsync(204);
    }

    [Fact]
    public async Task Other_writers_can_do_neither_and_the_buckets_owner_both()
    {
        var alices = await BeginAsync(Alice);
        foreach (var (sender, target) in new[] { (Carol, _target), (Bob, alices), (null, _target) })
        {
            await _host.RefuseAsync(sender, HttpMethod.Get, target, "AccessDenied");
            await _host.RefuseAsync(sender, HttpMethod.Delete, target, "AccessDenied");
        }

        await _host.DoAsync(Alice, HttpMethod.Get, _target);
        await _host.DoAsync(Alice, HttpMethod.Delete, _target);
    }

    [Theory]
    [InlineData("s3:AbortMultipartUpload", "DELETE", "GET")]
    [InlineData("s3:ListMultipartUploadParts", "GET", "DELETE")]
    public async Task What_a_policy_denies_the_initiator_cannot_do(string denied, string method, string other)
    {
        var policy = AccessHost.Policy("Deny", denied, "first/*", $$"""{"AWS": "{{Bob}}"}""");
        await _host.DoAsync(Alice, HttpMethod.Put, "/first?policy", policy);

        await _host.RefuseAsync(Bob, new HttpMethod(method), _target, "AccessDenied");
        Assert.Equal(1, await _host.Files.CountAsync("SELECT count(*) FROM multipart_parts"));
        await _host.DoAsync(Bob, new HttpMethod(other), _target);
    }

    [Fact]
    public async Task Another_principal_can_when_a_policy_allows_it()
    {
        await AllowAsync("s3:AbortMultipartUpload", "first/a");

        await _host.DoAsync(Carol, HttpMethod.Delete, _target);
    }

    private Task AllowAsync(string action, string resource) =>
        _host.DoAsync(Alice, HttpMethod.Put, "/first?policy", AccessHost.Policy("Allow", action, resource));

    private async Task<string> BeginAsync(string sender)
    {
        using var begun = await _host.AsAsync(sender, HttpMethod.Post, "/first/a?uploads");
        await begun.AssertStatusAsync(200);
        var target = $"/first/a?uploadId={(await begun.XmlAsync()).Text("UploadId")}";
        await _host.DoAsync(sender, HttpMethod.Put, target + "&partNumber=1", "part");
        return target;
    }
}
