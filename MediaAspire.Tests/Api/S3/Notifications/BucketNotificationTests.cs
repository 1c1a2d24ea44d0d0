using System.Text;
using MediaAspire.Core.Buckets;
using MediaAspire.Tests.Api.S3.Multipart;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Notifications;

/// <summary>The notification configuration of a bucket by S3's protocol, and the events of S3's operations.</summary>
public sealed class BucketNotificationTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Arn = "arn:aws:sns:us-east-1:000000000000:";

    private static readonly Dictionary<string, string?> s_settings = new()
    {
        ["Notifications:Targets:all:Url"] = "http://127.0.0.1:1/",
        ["Notifications:Targets:one:Url"] = "http://127.0.0.1:1/",
        ["Notifications:Targets:one:Buckets:0"] = "other",
    };

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("notification_events");
        _host = await S3TestHost.StartAsync(postgres, settings: s_settings);
        await _host.CreateBucketAsync("films");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_configuration_is_returned_as_it_was_put_and_removed_by_an_empty_one()
    {
        var document = Configuration(
            "all", "<Filter><S3Key><FilterRule><Name>Prefix</Name><Value>a/</Value></FilterRule></S3Key></Filter>");
        await PutAsync(document);

        using var read = await _host.GetAsync("/films?notification");
        Assert.Equal(document, (await read.XmlAsync()).ToString(System.Xml.Linq.SaveOptions.DisableFormatting));

        await PutAsync("<NotificationConfiguration/>");
        using var empty = await _host.GetAsync("/films?notification");
        Assert.Equal("", (await empty.XmlAsync()).Value);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("one")]
    [InlineData("ALL")]
    public async Task A_target_that_is_unknown_or_of_other_buckets_does_not_exist(string target)
    {
        using var response = await _host.PutAsync("/films?notification", Encoding.UTF8.GetBytes(Configuration(target)));

        await response.AssertErrorAsync(400, "InvalidArgument");
        var error = await response.XmlAsync();
        Assert.Equal("Unable to validate the following destination configurations", error.Element("Message")?.Value);
        Assert.Equal(Arn + target, error.Element("ArgumentName1")?.Value);
        Assert.Null((await _host.Buckets.FindAsync("films", default))!.Document(BucketDocument.Notifications));
    }

    [Fact]
    public async Task Only_the_owner_reads_and_changes_the_configuration()
    {
        using var put = await _host.SendAsync(HttpMethod.Put, "/films?notification", Encoding.UTF8.GetBytes(Configuration("all")), "bob");
        using var get = await _host.SendAsync(HttpMethod.Get, "/films?notification", owner: "bob");

        await put.AssertErrorAsync(403, "AccessDenied");
        await get.AssertErrorAsync(403, "AccessDenied");
    }

    [Fact]
    public async Task Each_operation_tells_its_event_at_once_after_the_configuration_was_put()
    {
        // The bucket is cached before.
        using var before = await _host.PutAsync("/films/before", [1]);
        await PutAsync(Configuration("all"));

        using var put = await _host.PutAsync("/films/put", [1, 2, 3]);
        using var copy = await _host.PutAsync("/films/copy", [], ("x-amz-copy-source", "/films/put"));
        var upload = await TestUpload.BeginAsync(_host, "/films/parts");
        await upload.PutAsync(1, [1, 2]);
        using var completed = await upload.CompleteAsync();
        using var refused = await _host.PutAsync("/films/put", [9], ("If-None-Match", "*"));
        using var deleted = await _host.DeleteAsync("/films/put");
        using var missing = await _host.DeleteAsync("/films/missing");
        using var aborted = await (await TestUpload.BeginAsync(_host, "/films/aborted")).AbortAsync();

        await completed.AssertStatusAsync(200);
        await refused.AssertErrorAsync(412, "PreconditionFailed");
        Assert.Equal(
            "s3:ObjectCreated:Put put 3,s3:ObjectCreated:Copy copy 3,s3:ObjectCreated:CompleteMultipartUpload parts 2,"
            + "s3:ObjectRemoved:Delete put 3",
            await postgres.ScalarAsync<string>(
                "SELECT string_agg(event || ' ' || key || ' ' || size, ',' ORDER BY sequence) FROM notification_events"));
        Assert.Equal(
            put.Header("ETag"),
            $"\"{await postgres.ScalarAsync<string>("SELECT etag FROM notification_events WHERE event = 's3:ObjectCreated:Put'")}\"");
    }

    private static string Configuration(string target, string filter = "") =>
        "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TopicConfiguration><Id>mine</Id>"
        + $"<Topic>{Arn}{target}</Topic><Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event>{filter}"
        + "</TopicConfiguration></NotificationConfiguration>";

    private async Task PutAsync(string document)
    {
        using var response = await _host.PutAsync("/films?notification", Encoding.UTF8.GetBytes(document));
        await response.AssertStatusAsync(200);
    }
}
