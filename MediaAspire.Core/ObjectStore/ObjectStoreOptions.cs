using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ObjectStore;

/// <summary>The settings of the S3 that the platform uses. Bound from the <c>ObjectStore</c> section.</summary>
public sealed class ObjectStoreOptions
{
    public const string SectionName = "ObjectStore";

    /// <summary>The connection string's name, and the AppHost's resource.</summary>
    public const string ConnectionName = "s3";

    /// <summary>The longest lifetime of a presigned address that Signature Version 4 allows.</summary>
    public static readonly TimeSpan LongestPresigned = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the store.</summary>
    /// <value>
    /// <c>Endpoint=…;AccessKey=…;SecretKey=…;Region=…;Bucket=…</c>, taken from the connection string <c>s3</c> unless it is set; see
    /// <see cref="ObjectStoreConnection"/>.
    /// </value>
    public string ConnectionString { get; set; } = "";

    /// <summary>Gets or sets the address that clients reach the store by, where it is not the one that this process uses.</summary>
    /// <value>
    /// An absolute http or https address without path; the default is the connection string's endpoint. Presigned addresses are made for
    /// it.
    /// </value>
    public string? PublicEndpoint { get; set; }

    /// <summary>
    /// Gets or sets the topic that the store tells of new objects, so that uploads finish without a further call of the client.
    /// </summary>
    /// <value>
    /// The ARN of a topic whose subscription is <c>POST /media/events</c>. With it, the bucket's notification configuration is set before
    /// the first upload. The default is empty: the configuration is left as it is.
    /// </value>
    public string EventTopic { get; set; } = "";

    /// <summary>Gets or sets for how long a presigned address works unless the caller says otherwise.</summary>
    /// <value>The default is 15 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan PresignedFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets how long one attempt of a call may take.</summary>
    /// <value>The default is 30 seconds: calls have small bodies, and a copy inside the store may take its time.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the number of retries of a call that failed for a transient reason.</summary>
    /// <value>The default is 2.</value>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class ObjectStoreOptionsValidator : IValidateOptions<ObjectStoreOptions>;

/// <summary>Validates the connection string and the public address.</summary>
internal sealed class ObjectStoreOptionsCustomValidator : IValidateOptions<ObjectStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, ObjectStoreOptions options)
    {
        if (!ObjectStoreConnection.TryParse(options.ConnectionString, out _, out var error))
        {
            return ValidateOptionsResult.Fail(
                $"{ObjectStoreOptions.SectionName}:{nameof(options.ConnectionString)} "
                + $"or ConnectionStrings:{ObjectStoreOptions.ConnectionName}: {error}");
        }

        return options.PublicEndpoint is null || ObjectStoreConnection.IsEndpoint(options.PublicEndpoint)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ObjectStoreOptions.SectionName}:{nameof(options.PublicEndpoint)} "
                + "is not an absolute http or https address without path.");
    }
}
