using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Reports that an <see cref="UnsetConfiguration"/> is not set.</summary>
internal sealed class GetUnsetConfiguration : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var unset = UnsetConfiguration.All.First(candidate => request.Query.ContainsKey(candidate.Subresource));
        return unset.Root is { } root
            ? S3Xml.WriteAsync(request, root, unset.Content, cancellationToken)
            : throw unset.Error!.With("BucketName", request.BucketName).ToException();
    }
}
