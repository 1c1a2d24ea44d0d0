using MediaAspire.Api.Audit;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Audit;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>Records the changes and the refusals of the S3 API.</summary>
/// <remarks>
/// Changes of configuration (buckets, policies, lists, locks) are durable before their response. Changes of objects are recorded in
/// batches, because they are many.
/// </remarks>
internal sealed class S3Audit(AuditLog log, TimeProvider time)
{
    // An operation that is not listed here is recorded before its response, which is never wrong.
    private static readonly HashSet<string> s_batched = new(StringComparer.Ordinal)
    {
        "PutObject", "CopyObject", "PostObject", "DeleteObject", "DeleteObjects", "PutObjectTagging", "DeleteObjectTagging",
        "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload",
    };

    /// <summary>Prepares the record of a change that must be durable before its response.</summary>
    public void Prepare(S3Request request)
    {
        if (log.IsEnabled && IsChange(request) && !s_batched.Contains(request.Operation.Name))
        {
            request.Response.OnStarting(() => WriteAsync(request));
        }
    }

    /// <summary>Records a request that was executed, unless <see cref="Prepare"/> has done so.</summary>
    public async ValueTask RecordAsync(S3Request request)
    {
        if (!log.IsEnabled || request.IsAudited)
        {
            return;
        }

        var status = request.Response.StatusCode;
        if (IsChange(request) && !s_batched.Contains(request.Operation.Name))
        {
            await WriteAsync(request);
        }
        else if (request.Changes is { } changes)
        {
            foreach (var (key, error) in changes)
            {
                await log.RecordAsync(Event(request, error?.Status ?? status, error?.Code, $"/{request.BucketName}/{key}"));
            }
        }
        else if (AuditRules.IsRecorded(IsChange(request), status, reason: null, log.RecordsReads))
        {
            await log.RecordAsync(Event(request, status, reason: null, request.Resource));
        }
    }

    /// <summary>Records a request that was refused, or that failed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">The error of its response; <see langword="null"/> when the client had disconnected.</param>
    public ValueTask RecordAsync(S3Request request, S3Error? error) =>
        log.IsEnabled && AuditRules.IsRecorded(IsChange(request), error?.Status ?? 0, error?.Code, readsToo: false)
            ? log.RecordAsync(Event(request, error?.Status ?? 0, error?.Code, request.Resource) with { Actor = ActorOf(request, error) })
            : ValueTask.CompletedTask;

    private Task WriteAsync(S3Request request)
    {
        // An error is recorded by its own method. A failure here becomes another response, which must not be recorded again.
        var status = request.Response.StatusCode;
        if (request.IsAudited || status >= StatusCodes.Status400BadRequest)
        {
            return Task.CompletedTask;
        }

        request.IsAudited = true;
        return log.WriteAsync(Event(request, status, reason: null, request.Resource));
    }

    private AuditEvent Event(S3Request request, int status, string? reason, string resource)
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            OccurredAt = now,
            Api = AuditApi.S3,
            Actor = ActorOf(request, error: null),
            Address = AuditRules.AddressOf(request.Http.Connection),
            Action = request.IsRouted ? request.Operation.Name : request.Http.Request.Method,
            Resource = resource,
            Outcome = AuditRules.OutcomeOf(status, reason),
            Status = status,
            Reason = reason,
            RequestId = request.Id,
        };
    }

    private static AuditActor ActorOf(S3Request request, S3Error? error) => request.Principal switch
    {
        { IsAnonymous: false } principal => new(AuditActorKind.AccessKey, principal.AccessKeyId, principal.OwnerId),
        _ when error?.Details.FirstOrDefault(detail => detail.Key == "AWSAccessKeyId").Value is { } claimed =>
            new(AuditActorKind.Unverified, claimed, null),
        _ => AuditActor.Anonymous,
    };

    private static bool IsChange(S3Request request) =>
        request.Http.Request.Method is var method
        && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
}
