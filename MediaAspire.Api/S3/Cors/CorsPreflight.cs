using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Cors;

/// <summary>The preflight request (OPTIONS), by which a browser asks what a page may do. It needs no signature.</summary>
internal sealed class CorsPreflight(CorsCache rules) : IS3Operation
{
    // Every requested header is compared with every pattern of a rule, and the sender is anonymous.
    private const int MaxHeaders = 100;

    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var origin = request.Header("Origin") ?? throw CorsErrors.MissingOrigin().ToException();
        var method = request.Header("Access-Control-Request-Method") ?? throw CorsErrors.MissingMethod(null).ToException();
        var headers = (request.Header("Access-Control-Request-Headers") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        if (headers.Length > MaxHeaders)
        {
            throw CorsErrors.Forbidden(method).ToException();
        }

        var rule = rules.Of(request.Bucket)?.Find(origin, method, headers)
            ?? throw CorsErrors.Forbidden(method).ToException();
        CorsHeaders.Write(request, rule, origin, headers);
        return Task.CompletedTask;
    }
}
