using System.Text;
using MediaAspire.Api.S3.Objects;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaAspire.Api.S3;

/// <summary>Configures the HTTP server for S3. The limits apply to the whole server, on every port.</summary>
internal static class S3Server
{
    public static void Configure(KestrelServerOptions server)
    {
        // A key of 1,024 bytes has up to 3,072 when percent-encoded, and a presigned query with response-* overrides is added to that.
        server.Limits.MaxRequestLineSize = 16 * 1024;

        // 2 KB of metadata in headers of their own, the shortest of which has two bytes.
        server.Limits.MaxRequestHeaderCount = 1024;

        // Metadata is returned byte for byte: some clients send UTF-8, some Latin-1.
        server.RequestHeaderEncodingSelector = header => IsMetadata(header) ? Encoding.Latin1 : null;
        server.ResponseHeaderEncodingSelector = header => IsMetadata(header) ? Encoding.Latin1 : Encoding.UTF8;
    }

    private static bool IsMetadata(string header) => header.StartsWith(ObjectHeaders.MetadataPrefix, StringComparison.OrdinalIgnoreCase);
}
