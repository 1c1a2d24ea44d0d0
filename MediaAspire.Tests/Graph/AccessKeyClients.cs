using Amazon.Runtime;
using Amazon.S3;
using Aspire.Hosting.Testing;
using MediaAspire.Api.Admin;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Clients of the graph's S3 for access keys that tests create.</summary>
internal static class AccessKeyClients
{
    public static AmazonS3Client Client(this CreatedAccessKeyResponse key, GraphFixture graph) => new(
        new BasicAWSCredentials(key.AccessKeyId, key.SecretAccessKey),
        new AmazonS3Config
        {
            ServiceURL = graph.App.GetEndpoint("api", "s3").ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
        });
}
