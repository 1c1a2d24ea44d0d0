using System.Net;
using System.Security.Cryptography;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Storage;

namespace MediaAspire.Tests.Clients;

/// <summary>
/// Software that others wrote, each with its default settings, against the whole graph: a bucket, single objects, a folder of 1,000 files with
/// awkward names and one of 100 MiB there and back, a listing, a copy, presigned URLs, deletion.
/// </summary>
[Collection(GraphGroup.Name)]
public sealed class ThirdPartyClientTests(GraphFixture graph, ClientFiles files) : IClassFixture<ClientFiles>, IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _target = new();
    private readonly TemporaryDirectory _home = new();
    private S3Account _account = null!;

    private string Target => _target.Path;

    public async Task InitializeAsync() => _account = await S3Account.OfAsync(graph);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _target.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_SDK_for_dotnet_keeps_every_byte_and_name()
    {
        using var client = new DotnetClient(_account, "by-dotnet");
        await client.UseSingleObjectsAsync();
        await client.UsePresignedUrlsAsync();
        await client.SynchroniseAsync(files.Source, Target);
        await files.AssertSameAsync(Target);
        await client.CopyAsync(AwkwardFiles.LargeName, "copy of the large one");
        await client.DeleteBucketAsync();
    }

    [Fact]
    public async Task Boto3_keeps_every_byte_and_name()
    {
        await RunAsync("python3", "python3-boto3", Script("boto3_client.py"), "by-boto3", files.Source, Target);
        await files.AssertSameAsync(Target);
    }

    [Fact]
    public async Task The_SDK_for_JavaScript_keeps_every_byte_and_name()
    {
        await RunAsync("node", "nodejs", Script("client.mjs"), "by-javascript", files.Source, Target);
        await files.AssertSameAsync(Target);
    }

    [Fact]
    public async Task Aws_cli_keeps_every_byte_and_name()
    {
        const string Bucket = "s3://by-aws-cli";
        await AwsAsync("mb", Bucket);
        await AwsAsync("sync", "--only-show-errors", files.Source, Bucket);
        AssertLists(await AwsAsync("ls", "--recursive", Bucket));
        await AwsAsync("sync", "--only-show-errors", Bucket, Target);
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-aws-cli");

        // Larger than the least size of a part, so the tool copies it in parts.
        await AwsAsync("cp", "--only-show-errors", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await AssertServesLargeAsync(new Uri((await AwsAsync("presign", $"{Bucket}/copy")).Trim()));
        await AwsAsync("rb", "--force", Bucket);

        Task<string> AwsAsync(params string[] arguments) => RunAsync("aws", "awscli", ["--endpoint-url", _account.Address, "s3", .. arguments]);
    }

    [Fact]
    public async Task Rclone_keeps_every_byte_and_name()
    {
        const string Bucket = ":s3:by-rclone";
        await RcloneAsync("mkdir", Bucket);

        // Without these it takes one name in two normal forms for one file, and sends up to 200 MiB at once.
        await RcloneAsync("sync", "--no-unicode-normalization", "--s3-upload-cutoff", "16M", files.Source, Bucket);
        AssertLists(await RcloneAsync("lsf", "--recursive", "--files-only", Bucket));
        await RcloneAsync("sync", "--no-unicode-normalization", Bucket, Target);
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-rclone");

        await RcloneAsync("copyto", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await AssertServesLargeAsync(new Uri((await RcloneAsync("link", "--expire", "1h", $"{Bucket}/copy")).Trim()));
        await RcloneAsync("purge", Bucket);

        Task<string> RcloneAsync(params string[] arguments) => RunAsync("rclone", "rclone", [
            "--config", "", "--s3-provider", "Other", "--s3-env-auth", "--s3-region", "us-east-1", "--s3-endpoint", _account.Address, "--transfers", "8", "--checkers", "16",
            .. arguments]);
    }

    [Fact]
    public async Task S3cmd_keeps_every_byte_and_name()
    {
        const string Bucket = "s3://by-s3cmd";
        var authority = _account.Endpoint.Authority;
        var configuration = Path.Combine(_home.Path, "s3cfg");
        await File.WriteAllTextAsync(configuration, $"""
            [default]
            access_key = {_account.AccessKeyId}
            secret_key = {_account.SecretAccessKey}
            host_base = {authority}
            host_bucket = {authority}
            use_https = False
            """);

        await S3cmdAsync("mb", Bucket);
        await S3cmdAsync("sync", files.Source + "/", Bucket + "/");
        AssertLists(await S3cmdAsync("ls", "--recursive", Bucket));
        await S3cmdAsync("sync", Bucket + "/", Target + "/");
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-s3cmd");

        // Its signed URLs are of signature version 2, which AWS takes no more in newer regions and we nowhere.
        await S3cmdAsync("cp", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await S3cmdAsync("rb", "--recursive", "--force", Bucket);

        Task<string> S3cmdAsync(params string[] arguments) =>
            RunAsync("s3cmd", "s3cmd", ["--config", configuration, "--no-progress", .. arguments]);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Clients", "scripts", name);

    private Task<string> RunAsync(string program, string package, params string[] arguments) =>
        ClientProcess.RunAsync(program, package, _account.Environment(_home.Path), arguments);

    private static void AssertLists(string listing) =>
        Assert.Equal(AwkwardFiles.Count + 1, listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    private async Task AssertCameInPartsAsync(string bucket)
    {
        using var client = DotnetClient.Connect(_account);
        var large = await client.GetObjectMetadataAsync(bucket, AwkwardFiles.LargeName);
        Assert.Contains('-', large.ETag);
    }

    private async Task AssertServesLargeAsync(Uri presigned)
    {
        using var client = new HttpClient();
        await using (var body = await client.GetStreamAsync(presigned))
        {
            Assert.Equal(files.Digests[AwkwardFiles.LargeName], Convert.ToHexStringLower(await SHA256.HashDataAsync(body)));
        }

        using var refused = await client.GetAsync(new Uri(presigned.AbsoluteUri.Replace("/copy?", "/copz?", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
