using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaAspire.Api.S3;

/// <summary>What S3 asks of the HTTP server. Its limits are the server's, whichever port a request comes on.</summary>
internal static class S3Server
{
    private const string MetadataPrefix = "x-amz-meta-";

    public static void Configure(KestrelServerOptions server)
    {
        // A key of 1,024 bytes is up to 3,072 percent-encoded; a presigned query with its response-* overrides comes on top.
        server.Limits.MaxRequestLineSize = 16 * 1024;

        // 2 KB of metadata in headers of their own, the shortest of which has two bytes.
        server.Limits.MaxRequestHeaderCount = 1024;

        // Metadata goes out with the bytes that it came in with, and is signed with: some clients send UTF-8, some Latin-1.
        server.RequestHeaderEncodingSelector = MetadataEncoding;
        server.ResponseHeaderEncodingSelector = MetadataEncoding;
    }

    private static Encoding? MetadataEncoding(string header) =>
        header.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? Encoding.Latin1 : null;
}
