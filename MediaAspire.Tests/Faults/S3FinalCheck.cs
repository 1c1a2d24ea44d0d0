using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>Checks the bucket once the cluster has recovered.</summary>
internal sealed class S3FinalCheck(S3Bucket bucket, CampaignModel model, S3Probe probe, ClusterState cluster, CampaignLog log)
{
    /// <summary>Aborts every incomplete upload in parts, as a lifecycle rule does.</summary>
    public async Task AbortUploadsAsync(CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = S3Bucket.Name };
        while (await bucket.Client.ListMultipartUploadsAsync(request, cancellationToken) is { } page)
        {
            foreach (var upload in page.MultipartUploads ?? [])
            {
                await bucket.Client.AbortMultipartUploadAsync(S3Bucket.Name, upload.Key, upload.UploadId, cancellationToken);
                log.Count("s3 upload left behind", "aborted");
            }

            if (page.IsTruncated != true)
            {
                return;
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    /// <summary>Adds the inconsistencies of the bucket's rows to the complaints.</summary>
    public async Task AddUnsettledAsync(List<string> complaints, CancellationToken cancellationToken)
    {
        await cluster.AddAsync(
            complaints, "{0} files of objects have a wrong number of holders",
            """
            SELECT count(*) FROM files f WHERE f.holders IS NOT NULL AND f.holders <>
                (SELECT count(*) FROM objects o WHERE o.file_id = f.file_id)
                + (SELECT count(*) FROM object_parts p WHERE p.file_id = f.file_id)
                + (SELECT count(*) FROM multipart_parts p WHERE p.file_id = f.file_id)
            """, cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} objects or parts have no file",
            """
            SELECT count(*) FROM (
                SELECT file_id FROM objects WHERE file_id IS NOT NULL
                UNION ALL SELECT file_id FROM object_parts
                UNION ALL SELECT file_id FROM multipart_parts) held
            WHERE NOT EXISTS (SELECT FROM files f WHERE f.file_id = held.file_id AND f.upload_status = 'completed')
            """, cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} keys of a bucket without versions have several",
            "SELECT count(*) - count(DISTINCT (bucket_id, key)) FROM objects", cancellationToken);
        await cluster.AddAsync(complaints, "{0} parts of uploads are left", "SELECT count(*) FROM multipart_parts", cancellationToken);
    }

    /// <summary>Compares the listing, and every key that was ever written, with the model.</summary>
    public async Task CheckAsync(ParallelOptions readers)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var pages = bucket.Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = S3Bucket.Name });
        await foreach (var entry in pages.S3Objects)
        {
            Assert.True(listed.Add(entry.Key));
            if (model.FindKey(entry.Key) is null)
            {
                throw new CampaignViolationException($"The object {entry.Key} is listed, but was never put.");
            }
        }

        await Parallel.ForEachAsync(
            model.Keys.OrderBy(key => key.Name, StringComparer.Ordinal), readers, async (key, _) => await CheckAsync(key, listed));
    }

    private async Task CheckAsync(CampaignKey key, HashSet<string> listed)
    {
        var outcome = await probe.ReadAsync(key, range: null);
        log.Count($"s3 at the end, {key.State}", outcome.Name);
        if (outcome != ProbeOutcome.Whole && outcome != ProbeOutcome.Gone)
        {
            throw new CampaignViolationException(
                $"{key} cannot be read though every process is up: {outcome.Name} {outcome.Detail}. {await probe.DescribeAsync(key)}");
        }

        if (await probe.HeadAsync(key) != outcome || listed.Contains(key.Name) != (outcome == ProbeOutcome.Whole))
        {
            throw new CampaignViolationException(
                $"{key} is {outcome.Name} to readers, but not in its head or in the listing. {await probe.DescribeAsync(key)}");
        }
    }
}
