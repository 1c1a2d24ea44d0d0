using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Aspire.Hosting.Testing;
using MediaAspire.Api.Admin;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests of access keys, from the admin routes to signed requests, and of the graph's own S3 by its connection string.</summary>
[Collection(GraphGroup.Name)]
public sealed class AccessKeyGraphTests(GraphFixture graph)
{
    private const string Route = "/admin/access-keys";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_key_made_under_admin_signs_requests_until_it_is_disabled()
    {
        var created = await CreateAsync(new { displayName = "Tester" });
        using var s3 = Client(created);
        await s3.ListBucketsAsync();

        using var listed = JsonDocument.Parse(await graph.Admin.GetStringAsync($"{Route}?limit=1000"));
        var row = Assert.Single(
            listed.RootElement.GetProperty("accessKeys").EnumerateArray(),
            key => key.GetProperty("accessKeyId").GetString() == created.AccessKeyId);
        Assert.Equal((created.OwnerId, "Tester"), (row.GetProperty("ownerId").GetString(), row.GetProperty("displayName").GetString()));
        Assert.DoesNotContain(created.SecretAccessKey, listed.RootElement.GetRawText(), StringComparison.Ordinal);

        Assert.False((await ChangeAsync(created.AccessKeyId, "disable")).IsEnabled);
        await WaitUntilRefusedAsync(s3);
        Assert.True((await ChangeAsync(created.AccessKeyId, "enable")).IsEnabled);
        await s3.ListBucketsAsync();

        using var deleted = await graph.Admin.DeleteAsync(new Uri($"{Route}/{created.AccessKeyId}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await WaitUntilRefusedAsync(s3);
        await AssertProblemAsync(HttpStatusCode.NotFound, "access-key-not-found", graph.Admin.GetAsync($"{Route}/{created.AccessKeyId}"));
    }

    [Fact]
    public async Task A_second_key_of_an_owner_is_the_same_owners_and_wrong_requests_say_why()
    {
        var first = await CreateAsync(new { displayName = "Twice" });
        var second = await CreateAsync(new { ownerId = first.OwnerId });
        Assert.Equal((first.OwnerId, "Twice"), (second.OwnerId, second.DisplayName));
        Assert.NotEqual(first.AccessKeyId, second.AccessKeyId);

        await AssertProblemAsync(
            HttpStatusCode.Conflict, "access-key-exists",
            graph.Admin.PostAsJsonAsync(Route, new { accessKeyId = first.AccessKeyId, secretAccessKey = "long-enough" }));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "access-key-incomplete", graph.Admin.PostAsJsonAsync(Route, new { accessKeyId = "alone" }));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "access-key-id-invalid",
            graph.Admin.PostAsJsonAsync(Route, new { accessKeyId = "a/b", secretAccessKey = "long-enough" }));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "access-key-secret-invalid",
            graph.Admin.PostAsJsonAsync(Route, new { accessKeyId = "abc", secretAccessKey = "short" }));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "owner-id-invalid", graph.Admin.PostAsJsonAsync(Route, new { ownerId = "a b" }));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "display-name-invalid", graph.Admin.PostAsJsonAsync(Route, new { displayName = "" }));
        await AssertProblemAsync(HttpStatusCode.BadRequest, "limit-out-of-range", graph.Admin.GetAsync($"{Route}?limit=0"));
        await AssertProblemAsync(
            HttpStatusCode.BadRequest, "access-key-id-invalid", graph.Admin.PostAsync($"{Route}/a%20b/disable", content: null));
    }

    [Fact]
    public async Task The_graphs_own_s3_is_reached_by_its_connection_string()
    {
        var connectionString = (await graph.App.GetConnectionStringAsync("s3"))!;
        using var store = new ObjectStoreClient(
            Options.Create(new ObjectStoreOptions { ConnectionString = connectionString }), TimeProvider.System);

        await store.EnsureBucketAsync(CancellationToken.None);

        Assert.True(await store.HasBucketAsync(CancellationToken.None));
        Assert.Equal("media", store.Bucket);
    }

    private AmazonS3Client Client(CreatedAccessKeyResponse key) => new(
        new BasicAWSCredentials(key.AccessKeyId, key.SecretAccessKey),
        new AmazonS3Config
        {
            ServiceURL = graph.App.GetEndpoint("api", "s3").ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
        });

    private async Task<CreatedAccessKeyResponse> CreateAsync(object request)
    {
        using var answer = await graph.Admin.PostAsJsonAsync(Route, request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var created = (await answer.Content.ReadFromJsonAsync<CreatedAccessKeyResponse>())!;
        Assert.Equal($"{Route}/{created.AccessKeyId}", answer.Headers.Location!.ToString());
        return created;
    }

    private async Task<AccessKeyResponse> ChangeAsync(string id, string change)
    {
        using var answer = await graph.Admin.PostAsync($"{Route}/{id}/{change}", content: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<AccessKeyResponse>())!;
    }

    private static async Task WaitUntilRefusedAsync(AmazonS3Client s3)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await s3.ListBucketsAsync(deadline.Token);
            }
            catch (AmazonS3Exception refused) when (refused.ErrorCode is "InvalidAccessKeyId")
            {
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
                return;
            }

            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task AssertProblemAsync(HttpStatusCode status, string code, Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.Equal(status, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }
}
