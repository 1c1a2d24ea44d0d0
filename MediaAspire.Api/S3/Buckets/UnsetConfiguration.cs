using System.Xml;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Something that S3 can set for a bucket and that is never set here: reading it tells so, setting it is not implemented.</summary>
/// <param name="Operation">The operation that reads it.</param>
/// <param name="Subresource">The query parameter that names it.</param>
/// <param name="Action">The action of reading it, in policies.</param>
internal sealed record UnsetConfiguration(string Operation, string Subresource, string Action)
{
    /// <summary>Gets all of them. Those whose absence is an answer of its own have a <see cref="Root"/>, the others an <see cref="Error"/>.</summary>
    public static IReadOnlyList<UnsetConfiguration> All { get; } =
    [
        new("GetBucketAccelerateConfiguration", "accelerate", "s3:GetAccelerateConfiguration") { Root = "AccelerateConfiguration" },
        new("GetBucketLogging", "logging", "s3:GetBucketLogging") { Root = "BucketLoggingStatus" },
        new("GetBucketNotificationConfiguration", "notification", "s3:GetBucketNotification") { Root = "NotificationConfiguration" },
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

    /// <summary>Gets the document that says that nothing is set.</summary>
    public string? Root { get; init; }

    public Action<XmlWriter> Content { get; init; } = _ => { };

    /// <summary>Gets the error that says that nothing is set.</summary>
    public S3Error? Error { get; init; }

    /// <summary>Gets the operation that takes it away, which succeeds when there is nothing.</summary>
    public string? Deletion { get; init; }

    /// <summary>Gets the action of taking it away.</summary>
    public string? WriteAction { get; init; }
}
