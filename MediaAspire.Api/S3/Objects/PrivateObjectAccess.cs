using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Makes every object its sender's and private.</summary>
internal sealed class PrivateObjectAccess : IObjectAccess
{
    public ValueTask<NewObjectAccess> ForNewObjectAsync(S3Request request, IHeaderDictionary headers, CancellationToken cancellationToken) =>
        headers["x-amz-acl"].ToString() is "" or "private" && !headers.Keys.Any(name => name.StartsWith("x-amz-grant-", StringComparison.OrdinalIgnoreCase))
            ? new(new NewObjectAccess(request.Principal.OwnerId ?? request.Bucket.OwnerId, Acl: null))
            : throw S3Errors.NotImplemented().ToException();
}
