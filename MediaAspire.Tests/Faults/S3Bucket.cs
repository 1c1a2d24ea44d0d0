using System.Data.Common;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>The bucket of the campaign and its client.</summary>
internal sealed class S3Bucket : IDisposable
{
    public const string Name = "campaign";

    private const string NumberMetadata = "x-amz-meta-number";
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromMinutes(1);

    /// <param name="connectionString">The connection string of the graph's own S3.</param>
    public S3Bucket(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };

        // A retry by the client would hide the outcome of the first attempt.
        var config = new AmazonS3Config
        {
            ServiceURL = (string)parts["Endpoint"],
            ForcePathStyle = true,
            AuthenticationRegion = (string)parts["Region"],
            MaxErrorRetry = 0,
            Timeout = s_requestTimeout,
        };
        Client = new AmazonS3Client(new BasicAWSCredentials((string)parts["AccessKey"], (string)parts["SecretKey"]), config);
    }

    public IAmazonS3 Client { get; }

    public void Dispose() => Client.Dispose();

    /// <summary>Gets a value indicating whether a request ended without a whole response.</summary>
    public static bool IsLost(Exception failure) => failure switch
    {
        AmazonServiceException { StatusCode: not 0 } => false,
        AmazonClientException { InnerException: { } inner } => IsLost(inner),
        AmazonServiceException { InnerException: { } inner } => IsLost(inner),
        _ => FileProbe.IsLost(failure),
    };

    /// <summary>Adds the number of a content to the metadata of its object.</summary>
    public static void Label(MetadataCollection metadata, CampaignContent content) =>
        metadata[NumberMetadata] = content.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the number of a content from the metadata of its object.</summary>
    public static long NumberOf(MetadataCollection metadata) => long.Parse(metadata[NumberMetadata], CultureInfo.InvariantCulture);
}
