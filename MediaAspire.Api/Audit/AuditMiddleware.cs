using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Audit;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace MediaAspire.Api.Audit;

/// <summary>Records the changes and the refusals of the REST API.</summary>
/// <remarks>
/// Changes under <c>/admin</c> are durable before their response is sent, and a change whose record fails has the response 503. Others are
/// recorded in batches. It must come before authentication, whose refusals it records too.
/// </remarks>
internal sealed partial class AuditMiddleware(
    RequestDelegate next, AuditLog log, TimeProvider time, ILogger<AuditMiddleware> logger)
{
    private const string NoRoute = "NoRoute";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!log.IsEnabled)
        {
            await next(http);
            return;
        }

        if (IsAdmin(http.Request))
        {
            await (IsChange(http.Request.Method) ? RecordChangeFirstAsync(http) : RecordRefusalFirstAsync(http));
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await RecordAsync(http, StatusOf(http, failure));
            throw;
        }

        await RecordAsync(http, StatusOf(http, failure: null));
    }

    // The response waits in memory for the record. Those to changes are short.
    private async Task RecordChangeFirstAsync(HttpContext http)
    {
        var sent = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var held = new MemoryStream();
        var body = new StreamResponseBodyFeature(held);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(http);
            await body.CompleteAsync();
        }
        finally
        {
            http.Features.Set(sent);
        }

        try
        {
            if (Find(http, http.Response.StatusCode) is { } one)
            {
                await log.WriteAsync(one);
            }
        }
        catch (NpgsqlException failure)
        {
            LogUnrecorded(failure, http.Request.Method, http.Request.Path);
            http.Response.Clear();
            await AuditErrors.Unavailable().ExecuteAsync(http);
            return;
        }

        if (held.Length > 0)
        {
            held.Position = 0;
            await held.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }

    private async Task RecordRefusalFirstAsync(HttpContext http)
    {
        var isRecorded = false;
        http.Response.OnStarting(WriteAsync);
        await next(http);
        if (!http.Response.HasStarted)
        {
            await WriteAsync();
        }

        async Task WriteAsync()
        {
            if (isRecorded || Find(http, http.Response.StatusCode) is not { } one)
            {
                return;
            }

            isRecorded = true;
            try
            {
                await log.WriteAsync(one);
            }
            catch (NpgsqlException failure)
            {
                // Nothing was changed, so the response need not wait for the database.
                LogUnrecorded(failure, http.Request.Method, http.Request.Path);
                await log.RecordAsync(one);
            }
        }
    }

    private ValueTask RecordAsync(HttpContext http, int status) =>
        Find(http, status) is { } one ? log.RecordAsync(one) : ValueTask.CompletedTask;

    // Without a status, the change may have been made.
    private static int StatusOf(HttpContext http, Exception? failure) =>
        http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted ? 0
        : failure is not null ? StatusCodes.Status500InternalServerError
        : http.Response.StatusCode;

    /// <returns>The event; <see langword="null"/> for a request that is not recorded.</returns>
    private AuditEvent? Find(HttpContext http, int status)
    {
        var request = http.Request;
        var reason = http.GetProblemCode();
        var details = http.Features.Get<AuditDetails>();
        if (!AuditRules.IsRecorded(details?.Action is not null || IsChange(request.Method), status, reason, log.RecordsReads))
        {
            return null;
        }

        // The handler of exceptions has removed the endpoint of a request that it has handled.
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var now = time.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            OccurredAt = now,
            Api = IsAdmin(request) ? AuditApi.Admin : AuditApi.Rest,
            Actor = ActorOf(http, http.GetCaller()),
            Address = AuditRules.AddressOf(http.Connection),
            Action = details?.Action ?? endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? NoRoute,
            Resource = ResourceOf(http),
            Outcome = details?.Outcome ?? AuditRules.OutcomeOf(status, reason),
            Status = status,
            Reason = reason,
            RequestId = http.TraceIdentifier,
        };
    }

    private static AuditActor ActorOf(HttpContext http, Caller caller) => caller switch
    {
        { Kind: CallerKind.ApiKey } => new(AuditActorKind.ApiKey, caller.KeyId, caller.Owner?.Value),
        { Kind: CallerKind.AccessKey } => new(AuditActorKind.AccessKey, caller.KeyId, caller.Owner?.Value),
        { Kind: CallerKind.Person } => new(AuditActorKind.Person, caller.Subject, caller.Owner?.Value),
        _ when http.Features.Get<AuditDetails>()?.ClaimedKey is { } named => new(AuditActorKind.Unverified, named, null),
        _ when ApiKeyHeaders.TryRead(http.Request.Headers, out var text) && ApiKeyFormat.TryParse(text, out var claimed, out _) =>
            new(AuditActorKind.Unverified, claimed.ToString(), null),
        _ => AuditActor.Anonymous,
    };

    // The id of what was created is known only from the response. A query is left out: it may contain a signature.
    private static string ResourceOf(HttpContext http) =>
        http.Features.Get<AuditDetails>()?.Resource
        ?? (http.Response.StatusCode == StatusCodes.Status201Created && http.Response.Headers.Location.ToString() is ['/', ..] location
            ? location
            : http.Request.PathBase + http.Request.Path);

    private static bool IsAdmin(HttpRequest request) =>
        request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase);

    private static bool IsChange(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} could not be recorded in the audit log")]
    private partial void LogUnrecorded(Exception failure, string method, PathString path);
}
