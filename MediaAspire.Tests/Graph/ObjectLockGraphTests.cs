using System.Net.Http.Json;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using MediaAspire.Api.Admin;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Tests of object lock through the AWS SDK and the admin routes.</summary>
[Collection(GraphGroup.Name)]
public sealed class ObjectLockGraphTests(GraphFixture graph)
{
    private const string Bucket = "graph-locked";

    [Fact]
    public async Task A_locked_version_outlives_deletions_until_it_is_bypassed()
    {
        using var s3 = await ClientAsync();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = true });
        await s3.PutObjectLockConfigurationAsync(new()
        {
            BucketName = Bucket,
            ObjectLockConfiguration = new()
            {
                ObjectLockEnabled = ObjectLockEnabled.Enabled,
                Rule = new() { DefaultRetention = new() { Mode = ObjectLockRetentionMode.Governance, Days = 1 } },
            },
        });
        var put = await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "a", ContentBody = "text" });
        await s3.PutObjectLegalHoldAsync(
            new() { BucketName = Bucket, Key = "a", LegalHold = new() { Status = ObjectLockLegalHoldStatus.On } });

        var shown = await s3.GetObjectMetadataAsync(Bucket, "a");
        Assert.Equal((ObjectLockMode.Governance, ObjectLockLegalHoldStatus.On), (shown.ObjectLockMode, shown.ObjectLockLegalHoldStatus));
        await RefusedAsync(s3, put.VersionId, bypasses: true);
        using (var listed = JsonDocument.Parse(await graph.Admin.GetStringAsync($"/admin/buckets/{Bucket}/locked-versions")))
        {
            var version = Assert.Single(listed.RootElement.GetProperty("versions").EnumerateArray());
            Assert.Equal(
                (put.VersionId, true),
                (version.GetProperty("versionId").GetString(), version.GetProperty("legalHold").GetBoolean()));
        }

        await s3.PutObjectLegalHoldAsync(
            new() { BucketName = Bucket, Key = "a", LegalHold = new() { Status = ObjectLockLegalHoldStatus.Off } });
        await RefusedAsync(s3, put.VersionId, bypasses: false);
        await s3.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = Bucket, Key = "a", VersionId = put.VersionId, BypassGovernanceRetention = true });
        await s3.DeleteBucketAsync(Bucket);
    }

    private static async Task RefusedAsync(AmazonS3Client s3, string version, bool bypasses)
    {
        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = Bucket, Key = "a", VersionId = version, BypassGovernanceRetention = bypasses }));
        Assert.Equal("AccessDenied", refused.ErrorCode);
    }

    private async Task<AmazonS3Client> ClientAsync()
    {
        using var answer = await graph.Admin.PostAsJsonAsync("/admin/access-keys", new { displayName = "Locker" });
        answer.EnsureSuccessStatusCode();
        var key = (await answer.Content.ReadFromJsonAsync<CreatedAccessKeyResponse>())!;
        return key.Client(graph);
    }
}
