using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.LocalStack;

/// <summary>Creates buckets in a running LocalStack.</summary>
internal static partial class LocalStackBuckets
{
    /// <summary>Creates the bucket if it does not exist.</summary>
    public static async Task CreateAsync(
        LocalStackResource localStack,
        string bucketName,
        IServiceProvider services,
        CancellationToken cancellationToken)
    {
        var logger = services.GetRequiredService<ResourceLoggerService>().GetLogger(localStack);
        using var client = CreateClient(localStack.GatewayEndpoint.Url);
        try
        {
            await client.PutBucketAsync(bucketName, cancellationToken);
            LogCreated(logger, bucketName);
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode is "BucketAlreadyOwnedByYou")
        {
            LogKept(logger, bucketName);
        }
    }

    // Path style: otherwise the bucket becomes part of a host name that cannot be resolved.
    internal static AmazonS3Client CreateClient(string url) =>
        new(
            new BasicAWSCredentials(LocalStackResource.AccessKey, LocalStackResource.SecretKey),
            new AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = LocalStackResource.Region });

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the bucket {Bucket}.")]
    private static partial void LogCreated(ILogger logger, string bucket);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bucket {Bucket} already exists.")]
    private static partial void LogKept(ILogger logger, string bucket);
}
