using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>Puts of objects.</summary>
internal sealed partial class S3Door
{
    /// <summary>Puts an object, at once or in parts, under a new key or over another object.</summary>
    public async Task<DoorOperation?> StoreAsync(Random random)
    {
        var plan = S3UploadPlan.Draw(random, CampaignOptions.MaxFileBytes);
        var content = new CampaignContent(numbers.Next(), plan.Size);
        var old = plan.Overwrites ? model.Choose(random, CampaignKeyState.Stored, CampaignKeyState.Absent) : null;
        var key = old is not null && old.TryBegin(content) ? old : NewKey(content);
        var bytes = CampaignBytes.Make(content.Number, 0, content.Size);
        var outcome = plan.Parts > 0 ? await PutInPartsAsync(plan, key, content, bytes) : await PutAsync(plan, key, content, bytes);
        return new($"{(plan.Parts > 0 ? "multipart" : "put")}{(key == old ? " over another" : "")}", outcome, $"{plan} {key}");
    }

    private CampaignKey NewKey(CampaignContent content)
    {
        var key = new CampaignKey(string.Create(CultureInfo.InvariantCulture, $"object-{content.Number}.bin"));
        Assert.True(key.TryBegin(content));
        model.Add(key);
        return key;
    }

    private async Task<string> PutAsync(S3UploadPlan plan, CampaignKey key, CampaignContent content, byte[] bytes)
    {
        var request = new PutObjectRequest
        {
            BucketName = S3Bucket.Name,
            Key = key.Name,
            InputStream = new TruncatedStream(bytes, plan.Sent),
            MD5Digest = plan.TellsMd5 ? Md5(plan.HasWrongMd5 ? [1, 2, 3] : bytes) : null,
        };
        S3Bucket.Label(request.Metadata, content);
        try
        {
            var response = await Client.PutObjectAsync(request);
            if (plan.IsTruncated || plan.HasWrongMd5 || response.ETag != $"\"{Convert.ToHexStringLower(Hash(bytes))}\"")
            {
                throw new CampaignViolationException($"The put {plan} of {key} was acknowledged with {response.ETag}.");
            }

            key.Acknowledge();
            return "stored";
        }
        catch (AmazonS3Exception refused)
        {
            switch ((refused.StatusCode, refused.ErrorCode))
            {
                case (HttpStatusCode.BadRequest, "BadDigest") when plan.HasWrongMd5:
                case (HttpStatusCode.BadRequest, _) when plan.IsTruncated:

                // It promises that nothing was kept.
                case (HttpStatusCode.ServiceUnavailable, "SlowDown"):
                    key.Refuse();
                    break;
                case (HttpStatusCode.ServiceUnavailable, _):
                    key.Lose();
                    break;
                default:
                    throw await ViolationAsync($"The put {plan} of {key}", key, refused);
            }

            return Outcome(refused);
        }
        catch (Exception lost) when (S3Bucket.IsLost(lost))
        {
            if (plan.IsTruncated)
            {
                key.Refuse();
                return "truncated";
            }

            key.Lose();
            return DoorOperation.Lost;
        }
    }

    private static string Outcome(AmazonS3Exception refused) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)refused.StatusCode} {refused.ErrorCode}");

    private static string Md5(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(Hash(bytes));

    // S3's entity tags are made of it.
#pragma warning disable CA5351
    private static byte[] Hash(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
