using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Forms;

/// <summary>Writes the response to a form as the form requests it: a status, a document, or a redirect.</summary>
internal static class PostResponse
{
    public static Task WriteAsync(S3Request request, PostFields fields, NewVersion version, CancellationToken cancellationToken)
    {
        var response = request.Response;
        var location = LocationOf(request, version.Key);
        response.Headers.ETag = $"\"{version.ETag}\"";
        response.Headers.Location = location;
        ObjectResponse.WriteChecksum(response.Headers, version.Attributes.Checksum);
        if (request.Bucket.Versioning == BucketVersioning.Enabled)
        {
            response.Headers[VersionHeaders.Version] = version.Id.ToString();
        }

        if (RedirectOf(request, fields, version) is { } redirect)
        {
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = redirect;
            return Task.CompletedTask;
        }

        switch (fields["success_action_status"])
        {
            case "200":
                response.StatusCode = StatusCodes.Status200OK;
                response.ContentLength = 0;
                return Task.CompletedTask;
            case "201":
                return WriteDocumentAsync(request, version, location, cancellationToken);
            default:
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    private static Task WriteDocumentAsync(S3Request request, NewVersion version, string location, CancellationToken cancellationToken)
    {
        var document = S3Xml.Build("PostResponse", ns: null, xml =>
        {
            xml.Element("Location", location);
            xml.Element("Bucket", request.BucketName);
            xml.Element("Key", version.Key);
            xml.Element("ETag", $"\"{version.ETag}\"");
        });
        return S3Xml.WriteAsync(request, document, StatusCodes.Status201Created, cancellationToken);
    }

    // As in S3, a target that is not an http or https address is ignored.
    private static string? RedirectOf(S3Request request, PostFields fields, NewVersion version)
    {
        var target = fields["success_action_redirect"] ?? fields["redirect"];
        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        var address = uri.AbsoluteUri;
        var separator = uri.Query.Length == 0 ? '?' : '&';
        return $"{address}{separator}bucket={Encode(request.BucketName)}&key={Encode(version.Key)}&etag={Encode($"\"{version.ETag}\"")}";
    }

    private static string LocationOf(S3Request request, string key)
    {
        var http = request.Http.Request;
        var inHost = http.Path.Value is null or "" or "/";
        return $"{http.Scheme}://{http.Host}{(inHost ? "" : $"/{request.BucketName}")}/{UriEncoding.Encode(key, keepSlash: true)}";
    }

    private static string Encode(string text) => UriEncoding.Encode(text, keepSlash: false);
}
