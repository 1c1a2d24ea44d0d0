using System.Data.Common;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>The bucket of the campaign, and how it is reached.</summary>
internal sealed class S3Bucket : IDisposable
{
    public const string Name = "campaign";

    private const string NumberMetadata = "x-amz-meta-number";
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromMinutes(1);

    /// <param name="connectionString">Of the graph's own S3.</param>
    public S3Bucket(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };

        // A second attempt of the client's own would hide what became of the first.
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

    /// <summary>Sends with a content its number, by which it is known again.</summary>
    public static void Label(MetadataCollection metadata, CampaignContent content) =>
        metadata[NumberMetadata] = content.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the number that an object was labelled with.</summary>
    public static long NumberOf(MetadataCollection metadata) => long.Parse(metadata[NumberMetadata], CultureInfo.InvariantCulture);
}
