using MediaAspire.Api.Audit;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Staging;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.NamedFiles;

/// <summary><c>POST /files</c> application/json: stages the data under a name that the client chooses; a worker splits it later.</summary>
internal sealed class NamedFileUpload(
    StagingArea staging, NamedFileStore store, OwnerSelector owners, IOptions<StagingOptions> options)
{
    // Room for the other fields, and for encoders that escape slashes or break lines.
    private const long BodyOverheadBytes = 1024 * 1024;

    private long MaxSize => options.Value.MaxSize;

    private long MaxBodyBytes => (long)(MaxSize * (4.0 / 3) * 1.1) + BodyOverheadBytes;

    public static bool Takes(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    public async Task<Results<Ok, ProblemHttpResult>> StoreAsync(HttpRequest request, string? owner, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            return NamedFileErrors.TooLarge(MaxSize);
        }

        // The name, and so what it replaces, is in the body: only the commit can judge the quota.
        var selected = await owners.SelectForWriteAsync(
            request.HttpContext.GetCaller(), owner, leastBytes: 0, objects: 0, cancellationToken);
        if (selected.Problem is not null)
        {
            return selected.Problem;
        }

        // The reader counts the bytes itself; Kestrel would close the connection, often before the client has read the response.
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        try
        {
            await using var staged = staging.Create();
            var body = new NamedFileBody(request.BodyReader, staged, MaxBodyBytes);
            if (await body.ReadAsync(cancellationToken) is { } problem)
            {
                return problem;
            }

            request.HttpContext.GetAuditDetails().Resource = $"/files?client_id={body.ClientId}&name={body.Name}";
            return await store.PutAsync(new(selected.Owner, body.ClientId!, body.Name!), staged, cancellationToken) switch
            {
                PutOutcome.Stored => TypedResults.Ok(),
                PutOutcome.Abandoned => NamedFileErrors.Abandoned(),
                PutOutcome.QueueFull => NamedFileErrors.Busy("The job queue is full."),
                var outcome => throw new System.Diagnostics.UnreachableException($"Unhandled outcome {outcome}."),
            };
        }
        catch (StagingException failure)
        {
            return NamedFileErrors.Staging(failure, MaxSize);
        }
        catch (JobQueueUnavailableException)
        {
            return NamedFileErrors.QueueUnavailable();
        }
    }
}
