using System.Net;
using System.Net.Http.Json;
using Amazon.S3.Model;
using MediaAspire.Api.Admin;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests of the buckets and objects that operators see.</summary>
[Collection(GraphGroup.Name)]
public sealed class BucketAdminTests(GraphFixture graph)
{
    private const string Bucket = "graph-admin-listing";

    [Fact]
    public async Task Operators_list_the_buckets_of_all_owners_and_their_objects_page_by_page()
    {
        using var answer = await graph.Admin.PostAsJsonAsync("/admin/access-keys", new { displayName = "Lister" });
        var key = (await answer.Content.ReadFromJsonAsync<CreatedAccessKeyResponse>())!;
        using var s3 = key.Client(graph);
        await s3.PutBucketAsync(Bucket);
        string[] keys = ["2026/a.jpg", "2026/b.jpg", "readme.txt"];
        foreach (var name in keys)
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = name, ContentBody = name });
        }

        var buckets = (await graph.Admin.GetFromJsonAsync<BucketsResponse>("/admin/buckets?after=graph-admin-listinf&limit=1"))!;
        var listed = Assert.Single(buckets.Buckets);
        Assert.Equal((Bucket, key.OwnerId, "off", Bucket), (listed.Name, listed.OwnerId, listed.Versioning, buckets.Next));

        var folders = await ListAsync("?delimiter=/");
        Assert.Equal(["2026/"], folders.Prefixes);
        Assert.Equal([("readme.txt", 10L)], folders.Objects.Select(each => (each.Key, each.Size)));

        var found = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await ListAsync($"?limit=1&after={Uri.EscapeDataString(after)}");
            found.AddRange(page.Objects.Select(each => each.Key));
            after = page.Next;
        }

        Assert.Equal(keys, found);
        await AssertDownloadsAsync(keys[0]);
        foreach (var name in keys)
        {
            await s3.DeleteObjectAsync(Bucket, name);
        }

        await s3.DeleteBucketAsync(Bucket);
    }

    private async Task AssertDownloadsAsync(string key)
    {
        var address = $"/admin/buckets/{Bucket}/object?key={Uri.EscapeDataString(key)}";
        using var whole = await graph.Admin.GetAsync(address);
        Assert.Equal(key, await whole.Content.ReadAsStringAsync());
        Assert.Equal("attachment; filename=a.jpg; filename*=UTF-8''a.jpg", whole.Content.Headers.ContentDisposition!.ToString());

        using var continued = new HttpRequestMessage(HttpMethod.Get, address);
        continued.Headers.Range = new(5, null);
        continued.Headers.IfRange = new(whole.Headers.ETag!);
        using var rest = await graph.Admin.SendAsync(continued);
        Assert.Equal((HttpStatusCode.PartialContent, key[5..]), (rest.StatusCode, await rest.Content.ReadAsStringAsync()));

        var elsewhere = address.Replace(Bucket, "no-such", StringComparison.Ordinal);
        foreach (var (missing, code) in new[] { (address + "x", "object-not-found"), (elsewhere, "bucket-not-found") })
        {
            using var refused = await graph.Admin.GetAsync(missing);
            Assert.Contains(code, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private async Task<BucketObjectsResponse> ListAsync(string query) =>
        (await graph.Admin.GetFromJsonAsync<BucketObjectsResponse>($"/admin/buckets/{Bucket}/objects{query}"))!;
}
