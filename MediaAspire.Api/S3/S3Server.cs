using System.Text;
using MediaAspire.Api.S3.Objects;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaAspire.Api.S3;

/// <summary>What S3 asks of the HTTP server. Its limits are the server's, whichever port a request comes on.</summary>
internal static class S3Server
{
    public static void Configure(KestrelServerOptions server)
    {
        // A key of 1,024 bytes is up to 3,072 percent-encoded; a presigned query with its response-* overrides comes on top.
        server.Limits.MaxRequestLineSize = 16 * 1024;

        // 2 KB of metadata in headers of their own, the shortest of which has two bytes.
        server.Limits.MaxRequestHeaderCount = 1024;

        // Metadata goes out byte by byte as it came in: some clients send UTF-8, some Latin-1.
        server.RequestHeaderEncodingSelector = header => IsMetadata(header) ? Encoding.Latin1 : null;
        server.ResponseHeaderEncodingSelector = header => IsMetadata(header) ? Encoding.Latin1 : Encoding.UTF8;
    }

    private static bool IsMetadata(string header) => header.StartsWith(ObjectHeaders.MetadataPrefix, StringComparison.OrdinalIgnoreCase);
}
