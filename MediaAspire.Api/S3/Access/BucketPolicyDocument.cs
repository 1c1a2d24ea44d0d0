using System.Text;
using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>GetBucketPolicy: returns the policy byte for byte as it was put.</summary>
internal sealed class GetBucketPolicy : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var policy = request.Bucket.Document(BucketDocument.Policy) ?? throw PolicyErrors.NoPolicy(request.BucketName).ToException();
        var bytes = Encoding.UTF8.GetBytes(policy);
        request.Response.ContentType = "application/json";
        request.Response.ContentLength = bytes.Length;
        await request.Response.BodyWriter.WriteAsync(bytes, cancellationToken);
    }
}

/// <summary>PutBucketPolicy. A policy that cannot be evaluated completely is refused.</summary>
internal sealed class PutBucketPolicy(BucketCatalog buckets) : IS3Operation
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var body = await S3Documents.ReadAsync(request, PolicyReader.MaxBytes, PolicyErrors.TooLong(), cancellationToken);
        var text = Decode(body);
        var policy = PolicyReader.Read(text, request.BucketName);
        if (policy.IsPublic && PublicAccessBlock.Of(request.Bucket).BlockPublicPolicy)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Policy, text, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string Decode(byte[] body)
    {
        try
        {
            return s_strictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            throw PolicyErrors.NotJson().ToException();
        }
    }
}

/// <summary>DeleteBucketPolicy.</summary>
internal sealed class DeleteBucketPolicy(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Policy, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}

/// <summary>GetBucketPolicyStatus: returns whether the policy or the list of the bucket allows something to the public.</summary>
internal sealed class GetBucketPolicyStatus(PolicyCache policies) : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var bucket = request.Bucket;
        var isPublic = (bucket.Document(BucketDocument.Policy) is { } policy && policies.Get(policy).IsPublic)
            || (!bucket.IgnoresLists() && !PublicAccessBlock.Of(bucket).IgnorePublicAcls
                && AccessControlList.Parse(bucket.OwnerId, bucket.Document(BucketDocument.Acl)).IsPublic);
        return S3Xml.WriteAsync(request, "PolicyStatus", xml => xml.Element("IsPublic", isPublic), cancellationToken);
    }
}
