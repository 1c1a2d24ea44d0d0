using System.Security.Cryptography;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Requests;
using MediaAspire.Api.S3.Protocol;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>
/// Handles a request to the S3 API: finds the operation, authenticates the sender, authorizes it on the bucket, executes the operation.
/// </summary>
internal sealed class S3Dispatcher(
    S3Router router,
    IS3Authenticator authenticator,
    S3Limits limits,
    S3Admission admission,
    S3ErrorWriter errors,
    S3Audit audit,
    HostFilter hosts,
    IOptions<S3Options> options)
{
    private const string RequestIdHeader = "x-amz-request-id";

    private readonly string[] _domains = [.. options.Value.Domains];

    public async Task HandleAsync(HttpContext http)
    {
        var id = RandomNumberGenerator.GetHexString(16);
        http.Response.Headers[RequestIdHeader] = id;
        http.Response.Headers["x-amz-id-2"] = id;

        if (ExpectedContinue.IsNeverSent(http.Request))
        {
            ExpectedContinue.EndConnection(http);
        }

        var request = new S3Request(http, id, target: default);
        try
        {
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            request = new S3Request(http, id, S3Target.Parse(target, http.Request.Host.Host, _domains));
            if (!hosts.Allows(http.Request.Host) && !HostFilter.IsWithin(http.Request.Host, _domains))
            {
                throw S3Errors.HostNotAllowed(http.Request.Host.Value!).ToException();
            }

            await RunAsync(request, http.RequestAborted);
            await audit.RecordAsync(request);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var error = errors.Find(request, failure);
            await audit.RecordAsync(request, error);
            await S3ErrorWriter.WriteAsync(request, error);
        }
    }

    private async Task RunAsync(S3Request request, CancellationToken cancellationToken)
    {
        var operation = router.Find(request);
        request.Operation = operation;
        request.Http.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new(RequestStatistics.OperationTag, operation.Name));
        audit.Prepare(request);
        if (operation.Authenticates)
        {
            var authentication = await limits.CountFailureAsync(request.Http, authenticator, cancellationToken);
            request.Principal = authentication.Principal;
            request.Signature = authentication.Signature;
            request.Payload = authentication.Payload;
        }

        await using var lease = await limits.AdmitAsync(request, cancellationToken);

        if (operation.Scope != S3Scope.Service && operation.NeedsBucket)
        {
            await admission.AdmitAsync(request, cancellationToken);
        }
        else if (operation.Authenticates && !operation.AllowsAnonymous && request.Principal.IsAnonymous)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        var handler = (IS3Operation)request.Http.RequestServices.GetRequiredService(operation.Handler);
        await handler.ExecuteAsync(request, cancellationToken);
    }
}
