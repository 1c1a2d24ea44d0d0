using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>Multipart uploads of objects.</summary>
internal sealed partial class S3Door
{
    private const int MostAttempts = 5;

    // Together longer than a restart of the API or PostgreSQL.
    private static readonly TimeSpan s_pauseBeforeRetry = TimeSpan.FromSeconds(1);

    private async Task<string> PutInPartsAsync(S3UploadPlan plan, CampaignKey key, CampaignContent content, byte[] bytes)
    {
        var create = new InitiateMultipartUploadRequest { BucketName = S3Bucket.Name, Key = key.Name };
        S3Bucket.Label(create.Metadata, content);
        var (created, outcome) = await TryAsync(key, $"The begin of {key} {plan}", () => Client.InitiateMultipartUploadAsync(create));
        if (created is null)
        {
            // Without its id the upload cannot be completed.
            key.Refuse();
            return outcome;
        }

        var parts = new List<PartETag>();
        for (var number = 1; number <= plan.Parts; number++)
        {
            (var part, outcome) = await PutPartAsync(plan, key, created.UploadId, number, bytes);
            if (part is null)
            {
                // Left incomplete, as clients do; the final check aborts it.
                key.Refuse();
                return $"{outcome} of a part";
            }

            parts.Add(part);
        }

        if (plan.IsAborted)
        {
            var (aborted, answer) = await TryAsync(
                key, $"The abort of {key} {plan}", () => Client.AbortMultipartUploadAsync(S3Bucket.Name, key.Name, created.UploadId));
            key.Refuse();
            return aborted is null ? $"{answer} of the abort" : "aborted";
        }

        return await CompleteAsync(plan, key, created.UploadId, parts, bytes);
    }

    private async Task<(PartETag? Part, string Outcome)> PutPartAsync(
        S3UploadPlan plan, CampaignKey key, string upload, int number, byte[] bytes)
    {
        var (offset, length) = plan.PartAt(number);
        var part = bytes[offset..(offset + length)];
        var what = string.Create(CultureInfo.InvariantCulture, $"Part {number} of {key} {plan}");
        if (plan.TruncatedPart == number)
        {
            var (broken, _) = await TryAsync(
                key, what, () => Client.UploadPartAsync(Request(length / 2, wrongMd5: false)), HttpStatusCode.BadRequest);
            Refused(broken, what, "was truncated");
        }

        if (plan.HasWrongMd5 && number == 1)
        {
            var (wrong, _) = await TryAsync(
                key, what, () => Client.UploadPartAsync(Request(length, wrongMd5: true)), HttpStatusCode.BadRequest);
            Refused(wrong, what, "had a wrong MD5");
        }

        for (var attempt = 1; ; attempt++)
        {
            var (answer, outcome) = await TryAsync(key, what, () => Client.UploadPartAsync(Request(length, wrongMd5: false)));
            if (answer is not null)
            {
                return answer.ETag == $"\"{Convert.ToHexStringLower(Hash(part))}\""
                    ? (new(number, answer.ETag), "stored")
                    : throw new CampaignViolationException($"{what} was acknowledged with {answer.ETag}.");
            }

            if (attempt == MostAttempts)
            {
                return (null, outcome);
            }

            await Task.Delay(s_pauseBeforeRetry, TimeProvider.System, CancellationToken.None);
        }

        UploadPartRequest Request(int sent, bool wrongMd5) => new()
        {
            BucketName = S3Bucket.Name,
            Key = key.Name,
            UploadId = upload,
            PartNumber = number,
            PartSize = length,
            InputStream = new TruncatedStream(part, sent),
            MD5Digest = plan.TellsMd5 ? Md5(wrongMd5 ? [1, 2, 3] : part) : null,
        };
    }

    /// <summary>Completes an upload. Repeats the request if it had no response, and expects the outcome of the first one.</summary>
    private async Task<string> CompleteAsync(S3UploadPlan plan, CampaignKey key, string upload, List<PartETag> parts, byte[] bytes)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = S3Bucket.Name,
            Key = key.Name,
            UploadId = upload,
            PartETags = parts,
        };
        var what = $"The end of {key} {plan}";
        for (var attempt = 1; ; attempt++)
        {
            var (answer, outcome) = await TryAsync(key, what, () => Client.CompleteMultipartUploadAsync(request));
            if (answer is not null)
            {
                if (answer.ETag != TagOf(plan, bytes))
                {
                    throw new CampaignViolationException($"{what} was acknowledged with {answer.ETag}, not {TagOf(plan, bytes)}.");
                }

                key.Acknowledge();
                return attempt == 1 ? "stored" : "stored, by a repeated request";
            }

            if (attempt == MostAttempts)
            {
                key.Lose();
                return outcome;
            }

            await Task.Delay(s_pauseBeforeRetry, TimeProvider.System, CancellationToken.None);
        }
    }

    private static string TagOf(S3UploadPlan plan, byte[] bytes)
    {
        var hashes = Enumerable.Range(1, plan.Parts).Select(plan.PartAt)
            .SelectMany(part => Hash(bytes.AsSpan(part.Offset, part.Length))).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(Hash(hashes))}-{plan.Parts}\"");
    }

    private static void Refused(object? answer, string what, string why)
    {
        if (answer is not null)
        {
            throw new CampaignViolationException($"{what} {why} and was acknowledged.");
        }
    }

    /// <summary>Sends a request of an upload.</summary>
    /// <returns>The response, and the outcome; null if the request failed.</returns>
    /// <exception cref="CampaignViolationException">The request was refused with another status than 503 and the allowed one.</exception>
    private async Task<(T? Answer, string Outcome)> TryAsync<T>(
        CampaignKey key, string what, Func<Task<T>> send, HttpStatusCode? allowed = null)
        where T : class
    {
        try
        {
            return (await send(), "done");
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.ServiceUnavailable || refused.StatusCode == allowed)
        {
            return (null, Outcome(refused));
        }
        catch (AmazonS3Exception refused)
        {
            throw await ViolationAsync(what, key, refused);
        }
        catch (Exception lost) when (S3Bucket.IsLost(lost))
        {
            return (null, DoorOperation.Lost);
        }
    }
}
