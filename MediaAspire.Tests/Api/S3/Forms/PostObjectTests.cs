using System.Net;
using System.Text;
using MediaAspire.Api.S3.Forms;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Api.S3.Signing;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Forms;

public sealed class PostObjectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Bucket = "forms";
    private const string Time = "20260102T030405Z";

    // The harness' one key belongs to this owner.
    private const string Owner = "owner";

    [Fact]
    public async Task A_signed_form_puts_its_file_under_its_key_with_all_that_its_fields_say()
    {
        await using var host = await StartAsync();
        var fields = Signed(
            """
            ["starts-with", "$key", "user/"], ["starts-with", "$Content-Type", "image/"], ["starts-with", "$x-amz-meta-note", ""],
            {"cache-control": "no-store"}, ["content-length-range", 1, 100]
            """,
            ("key", "user/${filename}"), ("Content-Type", "image/png"), ("x-amz-meta-note", "grün"), ("Cache-Control", "no-store"));

        using var answer = await PostAsync(host, fields, "a file"u8.ToArray(), filename: "C:\\pictures\\my photo.png");
        using var read = await host.SendAsync(HttpMethod.Get, $"/{Bucket}/user/my%20photo.png", owner: Owner);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("a file", await read.Content.ReadAsStringAsync());
        Assert.Equal("image/png", read.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", read.Header("Cache-Control"));
        Assert.Equal("gr\u00c3\u00bcn", read.Header("x-amz-meta-note"));
        Assert.Equal(answer.Header("ETag"), read.Header("ETag"));
        Assert.EndsWith($"/{Bucket}/user/my%20photo.png", answer.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_beyond_the_quota_of_its_bucket_is_refused_and_keeps_nothing()
    {
        await using var host = await StartAsync();
        var bucket = (await host.Buckets.FindAsync(Bucket, default))!;
        var quota = await host.Service<QuotaCatalog>().SetAsync(QuotaScope.Of(bucket.Id), new(Bytes: 5, Objects: null), default);
        await host.Service<QuotaCounter>().CountAsync(quota!.Value, default);

        using var refused = await PostAsync(host, Signed("""{"key": "k"}""", ("key", "k")), "a file"u8.ToArray());

        await refused.AssertErrorAsync(403, "QuotaExceeded");
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_form_is_answered_as_it_asks()
    {
        await using var host = await StartAsync();
        const string Conditions =
            """{"key": "k"}, ["starts-with", "$success_action_status", ""], ["starts-with", "$success_action_redirect", ""]""";

        using var ok = await PostAsync(host, Signed(Conditions, ("key", "k"), ("success_action_status", "200")), [1]);
        using var created = await PostAsync(host, Signed(Conditions, ("key", "k"), ("success_action_status", "201")), [1]);
        using var other = await PostAsync(host, Signed(Conditions, ("key", "k"), ("success_action_status", "404")), [1]);
        using var sent = await PostAsync(
            host, Signed(Conditions, ("key", "k"), ("success_action_redirect", "http://example.org/done?a=b")), [1]);
        using var nowhere = await PostAsync(
            host, Signed(Conditions, ("key", "k"), ("success_action_redirect", "javascript:alert(1)")), [1]);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.SeeOther, HttpStatusCode.NoContent],
            [ok.StatusCode, created.StatusCode, other.StatusCode, sent.StatusCode, nowhere.StatusCode]);
        var document = await created.XmlAsync();
        Assert.Equal(
            ("PostResponse", Bucket, "k", "\"55a54008ad1ba589aa210d2629c1df41\""),
            (document.Name.LocalName, document.Element("Bucket")?.Value, document.Element("Key")?.Value, document.Element("ETag")?.Value));
        Assert.Equal(
            $"http://example.org/done?a=b&bucket={Bucket}&key=k&etag=%2255a54008ad1ba589aa210d2629c1df41%22", sent.Header("Location"));
    }

    [Fact]
    public async Task The_answer_tells_when_the_object_expires()
    {
        await using var host = await StartAsync();
        const string Rules = "<LifecycleConfiguration><Rule><ID>r</ID><Prefix>k</Prefix><Status>Enabled</Status>"
            + "<Expiration><Days>2</Days></Expiration></Rule></LifecycleConfiguration>";
        using var set = await host.SendAsync(HttpMethod.Put, $"/{Bucket}?lifecycle", Encoding.UTF8.GetBytes(Rules), Owner);
        await set.AssertStatusAsync(200);

        using var told = await PostAsync(host, Signed("""{"key": "k"}""", ("key", "k")), [1]);
        using var other = await PostAsync(host, Signed("""{"key": "other"}""", ("key", "other")), [1]);

        Assert.Matches("^expiry-date=\".* 00:00:00 GMT\", rule-id=\"r\"$", told.Header("x-amz-expiration"));
        Assert.Null(other.Header("x-amz-expiration"));
    }

    [Fact]
    public async Task A_file_too_long_or_too_short_for_its_policy_is_refused_and_nothing_is_kept()
    {
        await using var host = await StartAsync();
        const string Conditions = """{"key": "k"}, ["content-length-range", 10, 100000]""";

        using var small = await PostAsync(host, Signed(Conditions, ("key", "k")), new byte[9]);
        using var large = await PostAsync(host, Signed(Conditions, ("key", "k")), new byte[100_001]);

        await small.AssertErrorAsync(400, "EntityTooSmall");
        await large.AssertErrorAsync(400, "EntityTooLarge");
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_form_that_its_policy_does_not_allow_is_refused_and_nothing_is_kept()
    {
        await using var host = await StartAsync();
        await host.CreateBucketAsync("other", Owner);
        const string Conditions = """["starts-with", "$key", "user/"]""";

        using var key = await PostAsync(host, Signed(Conditions, ("key", "admin/k")), [1]);
        using var extra = await PostAsync(host, Signed(Conditions, ("key", "user/k"), ("acl", "public-read")), [1]);
        using var bucket = await PostAsync(host, Signed(Conditions, ("key", "user/k")), [1], bucket: "other");
        using var nobody = await PostAsync(host, [("key", "user/k")], [1]);
        using var tampered = await PostAsync(
            host, [.. Signed(Conditions, ("key", "user/k")).Where(field => field.Name != "policy"), ("policy", "e30=")], [1]);

        await key.AssertErrorAsync(403, "AccessDenied");
        await extra.AssertErrorAsync(403, "AccessDenied");
        Assert.Equal("Invalid according to Policy: Extra input fields: acl", (await extra.XmlAsync()).Element("Message")?.Value);
        await bucket.AssertErrorAsync(403, "AccessDenied");
        await nobody.AssertErrorAsync(403, "AccessDenied");
        await tampered.AssertErrorAsync(403, "SignatureDoesNotMatch");
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_key_of_somebody_else_signs_for_nothing_here()
    {
        await using var host = await StartAsync(bucketOwner: "another");

        using var answer = await PostAsync(host, Signed("""{"key": "k"}""", ("key", "k")), [1]);

        await answer.AssertErrorAsync(403, "AccessDenied");
        await host.AssertNothingKeptAsync();
    }

    [Fact]
    public async Task An_anonymous_form_may_where_the_bucket_lets_everybody_write()
    {
        await using var host = await StartAsync(services => services.AddSingleton<IS3Authorizer, OpenDoor>());

        using var answer = await PostAsync(host, [("key", "k"), ("acl", "private")], "text"u8.ToArray());
        using var read = await host.GetAsync($"/{Bucket}/k");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("text", await read.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Checksum_and_tags_are_taken_from_the_fields()
    {
        await using var host = await StartAsync();
        const string Conditions = """{"key": "k"}, ["starts-with", "$tagging", ""]""";
        const string Tags = "<Tagging><TagSet><Tag><Key>a b</Key><Value>1=2</Value></Tag></TagSet></Tagging>";
        var fields = Signed(Conditions, ("key", "k"), ("tagging", Tags), ("x-amz-checksum-crc32", "DUoRhQ=="));

        using var wrong = await PostAsync(host, [.. fields], "hello earth"u8.ToArray());
        using var malformed = await PostAsync(host, Signed(Conditions, ("key", "k"), ("x-amz-checksum-sha256", "sailorjerry")), [1]);
        using var noTags = await PostAsync(host, Signed(Conditions, ("key", "k"), ("tagging", "<Tagging")), [1]);
        await wrong.AssertErrorAsync(400, "BadDigest");
        await malformed.AssertErrorAsync(400, "InvalidRequest");
        await noTags.AssertErrorAsync(400, "MalformedXML");
        await host.AssertNothingKeptAsync();

        using var right = await PostAsync(host, [.. fields], "hello world"u8.ToArray());
        using var read = await host.SendAsync(HttpMethod.Get, $"/{Bucket}/k", body: null, Owner, ("x-amz-checksum-mode", "ENABLED"));

        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        Assert.Equal("1", read.Header("x-amz-tagging-count"));
        Assert.Equal("DUoRhQ==", read.Header("x-amz-checksum-crc32"));
    }

    [Fact]
    public async Task A_form_locks_its_file_where_its_policy_names_the_fields_and_its_signer_may()
    {
        await using var host = await StartAsync();
        var bucket = await host.Buckets.FindAsync(Bucket, CancellationToken.None);
        const string Conditions =
            """{"key": "k"}, ["starts-with", "$x-amz-object-lock-mode", ""], ["starts-with", "$x-amz-object-lock-retain-until-date", ""]""";
        (string, string)[] fields =
        [
            ("key", "k"),
            ("x-amz-object-lock-mode", "COMPLIANCE"),
            ("x-amz-object-lock-retain-until-date", "2130-01-01T00:00:00Z"),
        ];

        using (var noLock = await PostAsync(host, Signed(Conditions, fields), [1]))
        {
            await noLock.AssertErrorAsync(400, "InvalidRequest");
        }

        await host.Buckets.SetVersioningAsync(bucket!.Id, BucketVersioning.Enabled, CancellationToken.None);
        await host.Buckets.SetObjectLockAsync(bucket.Id, new(Default: null), CancellationToken.None);
        using (var uncovered = await PostAsync(host, Signed("{\"key\": \"k\"}", fields), [1]))
        {
            await uncovered.AssertErrorAsync(403, "AccessDenied");
        }

        await host.AssertNothingKeptAsync();
        using (var locked = await PostAsync(host, Signed(Conditions, fields), [1]))
        {
            await locked.AssertStatusAsync(204);
        }

        using var read = await host.SendAsync(HttpMethod.Head, $"/{Bucket}/k", owner: Owner);
        Assert.Equal("COMPLIANCE", read.Header("x-amz-object-lock-mode"));
        Assert.Equal("2130-01-01T00:00:00.000Z", read.Header("x-amz-object-lock-retain-until-date"));
    }

    [Fact]
    public async Task What_is_no_form_or_only_part_of_one_is_refused_and_nothing_is_kept()
    {
        await using var host = await StartAsync();
        var fields = Signed("""{"key": "k"}""", ("key", "k"));

        using var plain = await host.SendAsync(
            HttpMethod.Post, $"/{Bucket}", "key=k"u8.ToArray(), owner: null, ("Content-Type", "application/x-www-form-urlencoded"));
        using var noFile = await host.SendAsync(Request(host, Form(fields, file: null)));
        using var noKey = await PostAsync(host, [.. fields.Where(field => field.Name != "key")], [1]);
        using var emptyKey = await PostAsync(host, [.. fields.Where(field => field.Name != "key"), ("key", "")], [1]);
        using var twice = await PostAsync(host, [.. fields, ("Key", "other")], [1]);
        using var longField = await PostAsync(host, [.. fields, ("x-ignore-a", new string('x', PostFields.MaxBytes))], [1]);
        using var longKey = await PostAsync(host, Signed("""["starts-with", "$key", ""]""", ("key", new string('k', 1025))), [1]);
        var whole = await Form(fields, "0123456789"u8.ToArray()).ReadAsByteArrayAsync();
        using var cut = await host.SendAsync(Request(host, Raw(whole[..^20])));
        using var noise = await host.SendAsync(Request(host, Raw("no form at all"u8.ToArray())));

        await plain.AssertErrorAsync(412, "PreconditionFailed");
        await noFile.AssertErrorAsync(400, "InvalidArgument");
        await noKey.AssertErrorAsync(400, "InvalidArgument");
        await emptyKey.AssertErrorAsync(400, "InvalidArgument");
        await twice.AssertErrorAsync(400, "InvalidArgument");
        await longField.AssertErrorAsync(400, "MaxPostPreDataLengthExceeded");
        await longKey.AssertErrorAsync(400, "KeyTooLongError");
        await cut.AssertErrorAsync(400, "MalformedPOSTRequest");
        await noise.AssertErrorAsync(400, "MalformedPOSTRequest");
        await host.AssertNothingKeptAsync();
    }

    private Task<S3TestHost> StartAsync(Action<IServiceCollection>? services = null) => StartAsync(Owner, services);

    private async Task<S3TestHost> StartAsync(string bucketOwner, Action<IServiceCollection>? services = null)
    {
        var host = await S3TestHost.StartAsync(postgres, services: collection =>
        {
            collection.AddSingleton<IAccessKeys>(new SigningHarness(Time));
            services?.Invoke(collection);
        });
        await host.CreateBucketAsync(Bucket, bucketOwner);
        return host;
    }

    private static List<(string Name, string Value)> Signed(string conditions, params (string Name, string Value)[] fields)
    {
        var policy = PostPolicyTests.Base64($$"""
            {"expiration": "2999-01-01T00:00:00Z", "conditions": [{"bucket": "{{Bucket}}"}, {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
             ["starts-with", "$x-amz-credential", ""], ["starts-with", "$x-amz-date", ""], {{conditions}}]}
            """);
        return
        [
            .. fields,
            ("policy", policy),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", $"{ClientSigner.KeyId}/20260102/us-east-1/s3/aws4_request"),
            ("x-amz-date", Time),
            ("x-amz-signature", new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, Time).SignPolicy(policy)),
        ];
    }

    private static MultipartFormDataContent Form(IEnumerable<(string Name, string Value)> fields, byte[]? file, string filename = "name")
    {
        var form = new MultipartFormDataContent("the-boundary");
        foreach (var (name, value) in fields)
        {
            var field = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            field.Headers.Add("Content-Disposition", $"form-data; name=\"{name}\"");
            form.Add(field);
        }

        if (file is not null)
        {
            var part = new ByteArrayContent(file);
            var escaped = filename.Replace("\\", "\\\\", StringComparison.Ordinal);
            part.Headers.Add("Content-Disposition", $"form-data; name=\"file\"; filename=\"{escaped}\"");
            form.Add(part);
        }

        return form;
    }

    private static ByteArrayContent Raw(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=the-boundary");
        return content;
    }

    private static HttpRequestMessage Request(S3TestHost host, HttpContent content, string bucket = Bucket)
    {
        var request = host.Request(HttpMethod.Post, $"/{bucket}");
        request.Content = content;
        return request;
    }

    private static Task<HttpResponseMessage> PostAsync(
        S3TestHost host, IEnumerable<(string Name, string Value)> fields, byte[] file, string filename = "name", string bucket = Bucket) =>
        host.SendAsync(Request(host, Form(fields, file, filename), bucket));

    private sealed class OpenDoor : IS3Authorizer
    {
        public ValueTask AuthorizeAsync(
            S3Request request, string action, Bucket bucket, string? key, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;

        public ObjectCheck AuthorizeObject(S3Request request, string action, Bucket bucket, string key) => new AnyVersion(bucket, key);

        public void RequirePossible(S3Request request, params ReadOnlySpan<string> actions)
        {
        }

        public void AuthorizeNew(S3Request request, string action, string key)
        {
        }

        public void AuthorizeUpload(S3Request request, string action, MultipartUpload? upload)
        {
        }

        public bool Allows(S3Request request, string action, Bucket bucket, ObjectVersion version) => true;

        private sealed class AnyVersion(Bucket bucket, string key) : ObjectCheck(bucket, key)
        {
            public override void Judge(ObjectVersion found)
            {
            }
        }
    }
}
