using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>Reads keys through S3 and compares the responses with the model.</summary>
internal sealed class S3Probe(IAmazonS3 s3, NpgsqlDataSource database)
{
    /// <summary>
    /// Reads a key, whole or by range. The range is chosen for one content and may exceed another.
    /// </summary>
    /// <exception cref="CampaignViolationException">The bytes are wrong, mixed or too few, the content is not possible, the key is absent
    /// though it must exist, or the response is not an expected one.</exception>
    public async Task<ProbeOutcome> ReadAsync(CampaignKey key, ByteRange? range)
    {
        var since = key.BeginRead();
        return await JudgeAsync(key, since, async () =>
        {
            using var response = await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = S3Bucket.Name, Key = key.Name, ByteRange = range });
            var content = await ContentAsync(key, response.Metadata);
            var offset = range is null ? 0 : (int)range.Start;
            var length = range is null ? content.Size : (int)Math.Min(range.End, content.Size - 1) - offset + 1;
            await CheckLengthAsync(key, length, response.ContentLength);
            using var body = new MemoryStream(length);
            await response.ResponseStream.CopyToAsync(body);
            await CheckBytesAsync(key, content, offset, length, body.ToArray());
            return content;
        });
    }

    /// <summary>Requests the head of a key.</summary>
    /// <exception cref="CampaignViolationException">As for a read.</exception>
    public async Task<ProbeOutcome> HeadAsync(CampaignKey key)
    {
        var since = key.BeginRead();
        return await JudgeAsync(key, since, async () =>
        {
            var response = await s3.GetObjectMetadataAsync(S3Bucket.Name, key.Name);
            var content = await ContentAsync(key, response.Metadata);
            await CheckLengthAsync(key, content.Size, response.ContentLength);
            return content;
        });
    }

    /// <summary>Describes a key's rows in the database, for the analysis of a violation.</summary>
    public async Task<string> DescribeAsync(CampaignKey key)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                SELECT string_agg(concat(
                    'version ', o.version_id, ' of ', o.size, ' bytes since ', o.modified_at, ', latest ', o.is_latest,
                    ', etag ', o.etag, ', metadata ', o.metadata::text,
                    (SELECT concat(', file ', f.file_id, ' ', f.upload_status, ' with ', f.holders, ' holders')
                    FROM files f WHERE f.file_id = o.file_id)), '; ')
                FROM objects o JOIN buckets b USING (bucket_id) WHERE b.name = $1 AND o.key = $2
                """);
            command.Parameters.Add(new() { Value = S3Bucket.Name });
            command.Parameters.Add(new() { Value = key.Name });
            return await command.ExecuteScalarAsync() as string ?? "The database has no row of it.";
        }
        catch (NpgsqlException away)
        {
            return $"The database is unavailable: {away.Message}";
        }
    }

    private async Task<ProbeOutcome> JudgeAsync(CampaignKey key, long since, Func<Task<CampaignContent>> read)
    {
        try
        {
            await SeeAsync(key, since, await read());
            return ProbeOutcome.Whole;
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.NotFound)
        {
            await SeeAsync(key, since, seen: null);
            return ProbeOutcome.Gone;
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return new("503", refused.Message);
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The content is shorter than the one that the range was chosen for.
            return new("416");
        }
        catch (Exception lost) when (S3Bucket.IsLost(lost))
        {
            return ProbeOutcome.Lost(lost);
        }
        catch (Exception other) when (other is AmazonServiceException or AmazonClientException)
        {
            throw new CampaignViolationException($"Reading {key} ended with: {other.Message} {await DescribeAsync(key)}");
        }
    }

    private async Task SeeAsync(CampaignKey key, long since, CampaignContent? seen)
    {
        try
        {
            key.See(since, seen);
        }
        catch (CampaignViolationException violation)
        {
            throw new CampaignViolationException($"{violation.Message} {await DescribeAsync(key)}");
        }
    }

    private async Task<CampaignContent> ContentAsync(CampaignKey key, MetadataCollection metadata) =>
        key.Find(S3Bucket.NumberOf(metadata)) is { } content
            ? content
            : throw new CampaignViolationException(
                $"{key} shows content {S3Bucket.NumberOf(metadata)}, which was never sent to it. {await DescribeAsync(key)}");

    private async Task CheckLengthAsync(CampaignKey key, long wanted, long declared)
    {
        if (wanted != declared)
        {
            throw new CampaignViolationException($"{declared} bytes were declared for {wanted} of {key}. {await DescribeAsync(key)}");
        }
    }

    private async Task CheckBytesAsync(CampaignKey key, CampaignContent content, int offset, int length, byte[] received)
    {
        var expected = CampaignBytes.Make(content.Number, offset, length);
        if (!received.AsSpan().SequenceEqual(expected))
        {
            var first = received.AsSpan().CommonPrefixLength(expected);
            throw new CampaignViolationException(
                $"{received.Length} bytes were received for {length} from {offset} of content {content.Number} under {key}; "
                + $"they differ from byte {first} on. {await DescribeAsync(key)}");
        }
    }
}
