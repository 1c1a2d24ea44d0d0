using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Cors;

internal static class CorsErrors
{
    public static S3Error NoConfiguration(string bucket) =>
        new S3Error("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist").With("BucketName", bucket);

    public static S3Error MissingOrigin() => new("BadRequest", 400, "Insufficient information. Origin request header needed.");

    public static S3Error MissingMethod(string? method) =>
        new("BadRequest", 400, $"Invalid Access-Control-Request-Method: {method ?? "null"}");

    public static S3Error Forbidden(string method) => new S3Error(
        "AccessForbidden",
        403,
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "
            + "request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "
            + "by the resource's CORS spec.")
        .With("Method", method);
}
