using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace MediaAspire.Tests.Clients;

/// <summary>A client of the AWS SDK for .NET with its default settings, such as checksums in trailers.</summary>
internal sealed class DotnetClient(S3Account account, string bucket) : IDisposable
{
    private readonly AmazonS3Client _s3 = Connect(account);

    public static AmazonS3Client Connect(S3Account account) => new(
        new BasicAWSCredentials(account.AccessKeyId, account.SecretAccessKey),
        new AmazonS3Config { ServiceURL = account.Address, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    public async Task UseSingleObjectsAsync()
    {
        await _s3.PutBucketAsync(bucket);
        Assert.Empty(await KeysAsync());

        var put = new PutObjectRequest { BucketName = bucket, Key = "a b+ü.txt", ContentBody = "hello", ContentType = "text/plain" };
        put.Metadata["colour"] = "blue";
        var answer = await _s3.PutObjectAsync(put);
        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", answer.ETag);

        using (var got = await _s3.GetObjectAsync(bucket, "a b+ü.txt"))
        {
            Assert.Equal("hello", await ReadAsync(got));
            Assert.Equal("text/plain", got.Headers.ContentType);
            Assert.Equal("blue", got.Metadata["colour"]);
        }

        var part = new GetObjectRequest { BucketName = bucket, Key = "a b+ü.txt", ByteRange = new ByteRange(1, 3) };
        using (var range = await _s3.GetObjectAsync(part))
        {
            Assert.Equal("ell", await ReadAsync(range));
        }

        await CopyAsync("a b+ü.txt", "copy & more");
        Assert.Equal(["a b+ü.txt", "copy & more"], await KeysAsync());
    }

    public async Task UsePresignedUrlsAsync()
    {
        using var http = new HttpClient();
        using (var put = await http.PutAsync(Sign(HttpVerb.PUT), new ByteArrayContent(Encoding.UTF8.GetBytes("by url"))))
        {
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }

        var url = Sign(HttpVerb.GET);
        Assert.Equal("by url", await http.GetStringAsync(url));
        using var refused = await http.GetAsync(new Uri(url.AbsoluteUri.Replace("presigned", "presignet", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        await DeleteAllAsync();
    }

    /// <summary>Uploads a folder and downloads it to another.</summary>
    public async Task SynchroniseAsync(string source, string target)
    {
        using var transfer = new TransferUtility(_s3);
        await transfer.UploadDirectoryAsync(new TransferUtilityUploadDirectoryRequest
        {
            BucketName = bucket,
            Directory = source,
            SearchOption = SearchOption.AllDirectories,
        });
        Assert.Equal(AwkwardFiles.Count + 1, (await KeysAsync()).Count);

        var large = await _s3.GetObjectMetadataAsync(bucket, AwkwardFiles.LargeName);
        Assert.Contains('-', large.ETag);
        await Parallel.ForEachAsync(await KeysAsync(), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, cancellationToken) =>
            await transfer.DownloadAsync(Path.Combine(target, key), bucket, key, cancellationToken));
    }

    public async Task CopyAsync(string source, string destination)
    {
        await _s3.CopyObjectAsync(bucket, source, bucket, destination);
        var before = await _s3.GetObjectMetadataAsync(bucket, source);
        var after = await _s3.GetObjectMetadataAsync(bucket, destination);
        Assert.Equal(before.ContentLength, after.ContentLength);
    }

    public async Task DeleteBucketAsync()
    {
        await DeleteAllAsync();
        await _s3.DeleteBucketAsync(bucket);
    }

    public void Dispose() => _s3.Dispose();

    private static async Task<string> ReadAsync(GetObjectResponse response)
    {
        using var reader = new StreamReader(response.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    private Uri Sign(HttpVerb verb) => new(_s3.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = bucket,
        Key = "presigned ü",
        Verb = verb,
        Protocol = Protocol.HTTP,
        Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
    }));

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var entry in _s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket }).S3Objects)
        {
            keys.Add(entry.Key);
        }

        return keys;
    }

    private async Task DeleteAllAsync()
    {
        foreach (var page in (await KeysAsync()).Chunk(1000))
        {
            await _s3.DeleteObjectsAsync(new DeleteObjectsRequest
            {
                BucketName = bucket,
                Objects = [.. page.Select(key => new KeyVersion { Key = key })],
                Quiet = true,
            });
        }

        Assert.Empty(await KeysAsync());
    }
}
