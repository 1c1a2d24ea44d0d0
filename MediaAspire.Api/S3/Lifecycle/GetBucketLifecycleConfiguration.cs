using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>GetBucketLifecycleConfiguration.</summary>
internal sealed class GetBucketLifecycleConfiguration : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var document = request.Bucket.Document(BucketDocument.Lifecycle)
            ?? throw LifecycleErrors.NoSuchConfiguration(request.Bucket.Name).ToException();
        var configuration = LifecycleConfiguration.TryParse(document)
            ?? throw new InvalidDataException($"The lifecycle configuration of bucket '{request.Bucket.Name}' cannot be parsed.");
        return S3Xml.WriteAsync(request, "LifecycleConfiguration", xml => LifecycleXmlWriter.Write(xml, configuration), cancellationToken);
    }
}
