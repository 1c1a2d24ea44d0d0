using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>Objects in parts, some of them in one request. An acknowledged part is there, and a repeated completion succeeds.</summary>
internal sealed class S3KillDoor(IAmazonS3 s3, UploadKillCounts counts) : IKillDoor
{
    private const int MinPartBytes = 256 * 1024;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private int _keys;

    public string Name => "s3";

    public async Task<Func<Task<byte[]?>>> StoreAsync(byte[] bytes, Random random)
    {
        var key = $"killed-{Interlocked.Increment(ref _keys)}";
        if (random.Next(3) == 0)
        {
            await PutAsync(key, bytes, random.Next(SlowBody.MostPause));
        }
        else
        {
            await PutInPartsAsync(key, bytes, random);
        }

        return async () =>
        {
            using var read = await TryAsync(() => s3.GetObjectAsync(S3Bucket.Name, key));
            return read is null ? null : await TryAsync(() => ReadAsync(read));
        };
    }

    private static async Task<byte[]> ReadAsync(GetObjectResponse response)
    {
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task PutAsync(string key, byte[] bytes, int pause)
    {
        var stored = await KillableApi.RepeatAsync($"PUT {key}", async () =>
        {
            using var body = new SlowBody(bytes, 0, bytes.Length, pause);
            return await TryAsync(() => s3.PutObjectAsync(new() { BucketName = S3Bucket.Name, Key = key, InputStream = body }));
        });
        Assert.Equal(TagOf(bytes), stored.ETag);
    }

    private async Task PutInPartsAsync(string key, byte[] bytes, Random random)
    {
        var upload = (await RepeatAsync($"begin of {key}", () => s3.InitiateMultipartUploadAsync(S3Bucket.Name, key))).UploadId;
        var parts = new List<PartETag>();
        for (var from = 0; from < bytes.Length;)
        {
            // The rest is the last part when another one would be too small after this one.
            var count = Math.Min(bytes.Length - from, MinPartBytes + random.Next(MinPartBytes));
            count = bytes.Length - from - count < MinPartBytes ? bytes.Length - from : count;
            var part = await PutPartAsync(key, upload, parts.Count + 1, bytes, from, count, random.Next(SlowBody.MostPause));
            Assert.Equal(TagOf(bytes.AsSpan(from, count)), part.ETag);
            parts.Add(new(parts.Count + 1, part.ETag));
            from += count;
            if (random.Next(3) == 0)
            {
                await CheckPartsAsync(key, upload, parts);
            }
        }

        var request = new CompleteMultipartUploadRequest { BucketName = S3Bucket.Name, Key = key, UploadId = upload, PartETags = parts };
        await RepeatAsync($"end of {key}", () => s3.CompleteMultipartUploadAsync(request));
    }

    private Task<UploadPartResponse> PutPartAsync(string key, string upload, int number, byte[] bytes, int from, int count, int pause) =>
        KillableApi.RepeatAsync($"part {number} of {key}", async () =>
        {
            using var body = new SlowBody(bytes, from, count, pause);
            return await TryAsync(() => s3.UploadPartAsync(new()
            {
                BucketName = S3Bucket.Name,
                Key = key,
                UploadId = upload,
                PartNumber = number,
                PartSize = count,
                InputStream = body,
            }));
        });

    private async Task CheckPartsAsync(string key, string upload, List<PartETag> acknowledged)
    {
        var listed = await RepeatAsync($"parts of {key}", () => s3.ListPartsAsync(S3Bucket.Name, key, upload));
        Assert.Equal(
            acknowledged.Select(part => (part.PartNumber, part.ETag)), listed.Parts.Select(part => (part.PartNumber, part.ETag)));
    }

    private Task<T> RepeatAsync<T>(string what, Func<Task<T>> send)
        where T : class => KillableApi.RepeatAsync(what, () => TryAsync(send));

    private async Task<T?> TryAsync<T>(Func<Task<T>> send)
        where T : class
    {
        try
        {
            return await send();
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            counts.Add("answers 503");
        }
        catch (Exception lost) when (S3Bucket.IsLost(lost))
        {
            counts.Add("requests lost");
        }

        await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
        return null;
    }

    // S3's entity tags are made of it.
#pragma warning disable CA5351
    private static string TagOf(ReadOnlySpan<byte> bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351
}
