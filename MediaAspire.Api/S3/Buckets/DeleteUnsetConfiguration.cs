using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Takes an <see cref="UnsetConfiguration"/> away: there is nothing to do.</summary>
internal sealed class DeleteUnsetConfiguration : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
