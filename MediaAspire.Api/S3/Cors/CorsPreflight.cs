using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Cors;

/// <summary>The preflight request (OPTIONS), by which a browser asks what a page may do. It needs no signature.</summary>
internal sealed class CorsPreflight : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var origin = request.Header("Origin") ?? throw CorsErrors.MissingOrigin().ToException();
        var method = request.Header("Access-Control-Request-Method") ?? throw CorsErrors.MissingMethod(null).ToException();
        var headers = (request.Header("Access-Control-Request-Headers") ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        var rule = CorsConfiguration.Parse(request.Bucket.Document(BucketDocument.Cors))?.Find(origin, method, headers)
            ?? throw CorsErrors.Forbidden(method).ToException();
        CorsHeaders.Write(request, rule, origin, headers);
        return Task.CompletedTask;
    }
}
