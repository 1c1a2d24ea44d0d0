using System.Xml;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>A configuration of S3 that is never set here: reading it reports that, setting it is not implemented.</summary>
/// <param name="Operation">The operation that reads it.</param>
/// <param name="Subresource">The query parameter that names it.</param>
/// <param name="Action">The name of the action that reads it.</param>
internal sealed record UnsetConfiguration(string Operation, string Subresource, string Action)
{
    /// <summary>
    /// Gets all of them. Those with a document for their absence have a <see cref="Root"/>, the others an <see cref="Error"/>.
    /// </summary>
    public static IReadOnlyList<UnsetConfiguration> All { get; } =
    [
        new("GetBucketAccelerateConfiguration", "accelerate", "s3:GetAccelerateConfiguration") { Root = "AccelerateConfiguration" },
        new("GetBucketLogging", "logging", "s3:GetBucketLogging") { Root = "BucketLoggingStatus" },
        new("GetBucketRequestPayment", "requestPayment", "s3:GetBucketRequestPayment")
        {
            Root = "RequestPaymentConfiguration",
            Content = xml => xml.Element("Payer", "BucketOwner"),
        },
        new("GetBucketEncryption", "encryption", "s3:GetEncryptionConfiguration")
        {
            Error = new("ServerSideEncryptionConfigurationNotFoundError", 404, "The server side encryption configuration was not found"),
            Deletion = "DeleteBucketEncryption",
            WriteAction = "s3:PutEncryptionConfiguration",
        },
        new("GetBucketReplication", "replication", "s3:GetReplicationConfiguration")
        {
            Error = new("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"),
            Deletion = "DeleteBucketReplication",
            WriteAction = "s3:PutReplicationConfiguration",
        },
        new("GetBucketWebsite", "website", "s3:GetBucketWebsite")
        {
            Error = new("NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"),
            Deletion = "DeleteBucketWebsite",
            WriteAction = "s3:DeleteBucketWebsite",
        },
    ];

    /// <summary>Gets the root of the document that reports that nothing is set.</summary>
    public string? Root { get; init; }

    public Action<XmlWriter> Content { get; init; } = _ => { };

    /// <summary>Gets the error that reports that nothing is set.</summary>
    public S3Error? Error { get; init; }

    /// <summary>Gets the operation that deletes it, which succeeds when nothing is set.</summary>
    public string? Deletion { get; init; }

    /// <summary>Gets the name of the action that deletes it.</summary>
    public string? WriteAction { get; init; }
}
