using System.Net;
using System.Security.Cryptography;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>A run of one client with its default settings, in directories of its own.</summary>
internal sealed class ClientRun(S3Account account, ClientFiles files) : IDisposable
{
    private readonly TemporaryDirectory _target = new();
    private readonly TemporaryDirectory _home = new();

    private string Target => _target.Path;

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Clients", "scripts", name);

    public async Task DotnetAsync()
    {
        using var client = new DotnetClient(account, "by-dotnet");
        await client.UseSingleObjectsAsync();
        await client.UsePresignedUrlsAsync();
        await client.SynchroniseAsync(files.Source, Target);
        await files.AssertSameAsync(Target);
        await client.CopyAsync(AwkwardFiles.LargeName, "copy of the large one");
        await client.DeleteBucketAsync();
    }

    public async Task Boto3Async()
    {
        await RunAsync("python3", "python3-boto3", Script("boto3_client.py"), "by-boto3", files.Source, Target);
        await files.AssertSameAsync(Target);
    }

    public async Task JavaScriptAsync()
    {
        await RunAsync("node", "nodejs", Script("client.mjs"), "by-javascript", files.Source, Target);
        await files.AssertSameAsync(Target);
    }

    public async Task AwsCliAsync()
    {
        const string Bucket = "s3://by-aws-cli";
        await CallAsync("mb", Bucket);
        await CallAsync("sync", "--only-show-errors", files.Source, Bucket);
        AssertLists(await CallAsync("ls", "--recursive", Bucket));
        await CallAsync("sync", "--only-show-errors", Bucket, Target);
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-aws-cli");

        // Larger than the minimum size of a part, so the tool copies it in parts.
        await CallAsync("cp", "--only-show-errors", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await AssertServesLargeAsync(new Uri((await CallAsync("presign", $"{Bucket}/copy")).Trim()));
        await CallAsync("rb", "--force", Bucket);

        Task<string> CallAsync(params string[] arguments) =>
            RunAsync("aws", "awscli", ["--endpoint-url", account.Address, "s3", .. arguments]);
    }

    public async Task RcloneAsync()
    {
        const string Bucket = ":s3:by-rclone";
        await CallAsync("mkdir", Bucket);

        // Without these it treats two normal forms of a name as one file, and sends up to 200 MiB at once.
        await CallAsync("sync", "--no-unicode-normalization", "--s3-upload-cutoff", "16M", files.Source, Bucket);
        AssertLists(await CallAsync("lsf", "--recursive", "--files-only", Bucket));
        await CallAsync("sync", "--no-unicode-normalization", Bucket, Target);
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-rclone");

        await CallAsync("copyto", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await AssertServesLargeAsync(new Uri((await CallAsync("link", "--expire", "1h", $"{Bucket}/copy")).Trim()));
        await CallAsync("purge", Bucket);

        Task<string> CallAsync(params string[] arguments) => RunAsync("rclone", "rclone", [
            "--config", "", "--s3-provider", "Other", "--s3-env-auth", "--s3-region", "us-east-1", "--s3-endpoint", account.Address,
            "--transfers", "8", "--checkers", "16", .. arguments]);
    }

    public async Task S3cmdAsync()
    {
        const string Bucket = "s3://by-s3cmd";
        var authority = account.Endpoint.Authority;
        var configuration = Path.Combine(_home.Path, "s3cfg");
        await File.WriteAllTextAsync(configuration, $"""
            [default]
            access_key = {account.AccessKeyId}
            secret_key = {account.SecretAccessKey}
            host_base = {authority}
            host_bucket = {authority}
            use_https = False
            """);

        await CallAsync("mb", Bucket);
        await CallAsync("sync", files.Source + "/", Bucket + "/");
        AssertLists(await CallAsync("ls", "--recursive", Bucket));
        await CallAsync("sync", Bucket + "/", Target + "/");
        await files.AssertSameAsync(Target);
        await AssertCameInPartsAsync("by-s3cmd");

        // Its signed URLs have signature version 2.
        await CallAsync("cp", $"{Bucket}/{AwkwardFiles.LargeName}", $"{Bucket}/copy");
        await AssertServesLargeAsync(new Uri((await CallAsync("signurl", $"{Bucket}/copy", "+300")).Trim()));
        await CallAsync("rb", "--recursive", "--force", Bucket);

        Task<string> CallAsync(params string[] arguments) =>
            RunAsync("s3cmd", "s3cmd", ["--config", configuration, "--no-progress", .. arguments]);
    }

    public void Dispose()
    {
        _target.Dispose();
        _home.Dispose();
    }

    private Task<string> RunAsync(string program, string package, params string[] arguments) =>
        ClientProcess.RunAsync(program, package, account.Environment(_home.Path), arguments);

    private static void AssertLists(string listing) =>
        Assert.Equal(AwkwardFiles.Count + 1, listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    private async Task AssertCameInPartsAsync(string bucket)
    {
        using var client = DotnetClient.Connect(account);
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
