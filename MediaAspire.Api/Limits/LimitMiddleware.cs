using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;

namespace MediaAspire.Api.Limits;

/// <summary>Applies the limits to the REST API; the S3 API has errors of its own.</summary>
internal sealed class LimitMiddleware(RequestDelegate next, RequestLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var sender = LimitedSender.Of(context.GetCaller());
        if (context.GetEndpoint()?.Metadata.GetMetadata<TransferEndpoint>() is null)
        {
            // Probes and pages have neither a key nor a limit.
            var decision = sender.Key is null
                ? Core.Limits.RateDecision.Allowed
                : await limits.TakeAsync(context, sender, context.RequestAborted);
            await (decision.IsAllowed ? next(context) : RefuseAsync(context, RequestRefusal.Rate, decision.RetryAfter));
            return;
        }

        var admission = await limits.AdmitAsync(context, sender, context.RequestAborted);
        if (admission.Refusal is { } refusal)
        {
            await RefuseAsync(context, refusal, admission.RetryAfter);
            return;
        }

        await using (admission.Lease)
        {
            await next(context);
        }
    }

    private static Task RefuseAsync(HttpContext context, RequestRefusal refusal, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = RetryAfters.SecondsOf(retryAfter);
        var problem = refusal == RequestRefusal.Rate ? LimitErrors.RateLimited(retryAfter) : LimitErrors.TooManyTransfers(retryAfter);
        return problem.WriteAsync(context);
    }
}
