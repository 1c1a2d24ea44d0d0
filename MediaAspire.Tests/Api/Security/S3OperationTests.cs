using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Tests.Api.S3;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.Security;

/// <summary>Tests over every operation of the S3 API, so that a new one that admits everybody fails them.</summary>
public sealed class S3OperationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Bucket = "private";
    private const string Key = "a.txt";
    private const string Secret = "the secret bytes of the object";

    /// <summary>
    /// The operations whose sender is not known before they run: a form carries its signature inside, and browsers send preflights without
    /// one.
    /// </summary>
    private static readonly string[] s_notAuthenticated = ["CorsPreflight", "PostObject"];

    /// <summary>The operations that answer an anonymous sender although no bucket allows it: it has no buckets to list.</summary>
    private static readonly string[] s_allowAnonymous = ["ListBuckets"];

    /// <summary>The operations that authorize their sender themselves, by the object or upload that they find.</summary>
    private static readonly string[] s_authorizeThemselves =
    [
        "AbortMultipartUpload", "CreateBucket", "DeleteObject", "DeleteObjectTagging", "DeleteObjects", "GetObject", "GetObjectAcl",
        "GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging", "HeadObject", "ListBuckets", "ListParts",
        "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging",
    ];

    /// <summary>The answers of operations that do not just refuse a stranger.</summary>
    private static readonly Dictionary<string, string> s_answers = new()
    {
        ["ListBuckets"] = "200: the stranger's own buckets, which are none",
        ["CreateBucket"] = "409: the name is taken",
        ["DeleteObjects"] = "200: with a refusal for each key",
    };

    private S3TestHost _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await S3TestHost.StartAsync(postgres);
        await _s3.CreateBucketAsync(Bucket);
        using var put = await _s3.PutAsync($"/{Bucket}/{Key}", Encoding.UTF8.GetBytes(Secret));
        await put.AssertStatusAsync(200);
    }

    public async Task DisposeAsync() => await _s3.DisposeAsync();

    [Fact]
    public void Operations_that_do_not_authenticate_or_authorize_are_listed()
    {
        var operations = _s3.Services.GetServices<S3Operation>().ToList();

        Assert.InRange(operations.Count, 60, 1000);
        Assert.Equal(s_notAuthenticated, operations.Where(one => !one.Authenticates).Select(one => one.Name).Distinct().Order());
        Assert.Equal(s_allowAnonymous, operations.Where(one => one.AllowsAnonymous).Select(one => one.Name).Order());
        Assert.Equal(
            string.Join(", ", s_authorizeThemselves),
            string.Join(", ", operations.Where(one => one.Action is null).Select(one => one.Name).Except(s_notAuthenticated)
                .Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task No_operation_serves_a_stranger_on_a_private_bucket()
    {
        var uploadId = await StartUploadAsync();
        var before = await StateAsync();
        var wrong = new List<string>();
        foreach (var operation in _s3.Services.GetServices<S3Operation>().Where(one => one.Name != "PostObject"))
        {
            foreach (var sender in new[] { null, "mallory" })
            {
                using var response = await SendAsync(operation, sender, uploadId);
                var body = await response.Content.ReadAsStringAsync();
                var status = (int)response.StatusCode;
                var isRefused = status == 403 || (sender is not null || operation.AllowsAnonymous || operation.Name == "DeleteObjects")
                    && s_answers.GetValueOrDefault(operation.Name)?.StartsWith($"{status}", StringComparison.Ordinal) == true;
                if (!isRefused || body.Contains(Secret, StringComparison.Ordinal))
                {
                    wrong.Add($"{operation.Name} for {sender ?? "nobody"}: {status} {body}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await StateAsync());
    }

    /// <summary>Reads everything that a stranger might have changed.</summary>
    private async Task<string> StateAsync()
    {
        var state = new List<string>();
        foreach (var target in new[]
        {
            $"/{Bucket}/{Key}", $"/{Bucket}/{Key}?tagging", $"/{Bucket}/{Key}?acl", $"/{Bucket}?versions", $"/{Bucket}?versioning",
            $"/{Bucket}?uploads", $"/{Bucket}?policy", $"/{Bucket}?acl", $"/{Bucket}?cors", $"/{Bucket}?lifecycle", $"/{Bucket}?tagging",
            $"/{Bucket}?publicAccessBlock", $"/{Bucket}?ownershipControls",
        })
        {
            using var response = await _s3.GetAsync(target);
            var body = await response.Content.ReadAsStringAsync();
            state.Add($"{target}: {(int)response.StatusCode} {(response.IsSuccessStatusCode ? body : "")}");
        }

        return string.Join('\n', state);
    }

    private async Task<string> StartUploadAsync()
    {
        using var response = await _s3.SendAsync(HttpMethod.Post, $"/{Bucket}/{Key}?uploads");
        await response.AssertStatusAsync(200);
        return (await response.XmlAsync()).Elements().Single(element => element.Name.LocalName == "UploadId").Value;
    }

    private Task<HttpResponseMessage> SendAsync(S3Operation operation, string? sender, string uploadId)
    {
        var path = operation.Scope switch
        {
            S3Scope.Service => "/",
            S3Scope.Bucket => $"/{Bucket}",
            _ => $"/{Bucket}/{Key}",
        };
        var query = new List<string>();
        if (operation.Subresource is { } subresource)
        {
            query.Add(subresource == "uploadId" ? $"uploadId={uploadId}" : subresource);
        }

        if (operation.Argument is { } argument)
        {
            query.Add($"{argument.Name}={argument.Value}");
        }

        if (operation.Declares("partNumber"))
        {
            query.Add("partNumber=1");
        }

        List<(string, string)> headers = operation.Header is { } header ? [(header, $"/{Bucket}/{Key}")] : [];
        byte[]? body = null;
        switch (operation.Name)
        {
            case "CorsPreflight":
                headers.AddRange([("Origin", "https://example.org"), ("Access-Control-Request-Method", "PUT")]);
                break;
            case "GetObjectAttributes":
                headers.Add(("x-amz-object-attributes", "ObjectSize"));
                break;
            case "DeleteObjects":
                body = Encoding.UTF8.GetBytes($"<Delete><Object><Key>{Key}</Key></Object></Delete>");
                headers.Add(("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(body))));
                break;
        }

        return _s3.SendAsync(
            new HttpMethod(operation.Method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", body, sender, [.. headers]);
    }
}
