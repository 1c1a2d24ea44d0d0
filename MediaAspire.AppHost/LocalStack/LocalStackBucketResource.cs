namespace MediaAspire.AppHost.LocalStack;

/// <summary>A bucket in LocalStack, created when LocalStack is ready.</summary>
/// <param name="name">Resource name.</param>
/// <param name="bucketName">Name of the bucket.</param>
/// <param name="localStack">The container that holds it.</param>
public sealed class LocalStackBucketResource(string name, string bucketName, LocalStackResource localStack)
    : Resource(name), IResourceWithParent<LocalStackResource>, IResourceWithConnectionString
{
    /// <inheritdoc />
    public LocalStackResource Parent { get; } = localStack;

    /// <summary>Name of the bucket.</summary>
    public string BucketName { get; } = bucketName;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Bucket={BucketName}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.CombineProperties([new("BucketName", ReferenceExpression.Create($"{BucketName}"))]);
}
