using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>Signs requests with version 2 as botocore does, sharing nothing with the server.</summary>
internal static class Version2Client
{
    /// <summary>Makes a presigned URL: the headers of the signature are moved to the query.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path of the request line.</param>
    /// <param name="expires">The end, in seconds since 1970.</param>
    /// <param name="query">The query, encoded; the parameters in <paramref name="signedQuery"/> must be in it.</param>
    /// <param name="signedQuery">The decoded part of the query that is signed.</param>
    /// <param name="headers">The headers to move to the query, sorted, in lower case.</param>
    public static RequestToVerify Presign(
        string method,
        string path,
        long expires,
        string query = "",
        string signedQuery = "",
        params (string Name, string Value)[] headers)
    {
        string Value(string name) => headers.FirstOrDefault(header => header.Name == name).Value ?? "";
        var amazon = headers.Where(header => header.Name.StartsWith("x-amz-", StringComparison.Ordinal))
            .Select(header => $"{header.Name}:{header.Value}\n");
        var text = $"{method}\n{Value("content-md5")}\n{Value("content-type")}\n{expires}\n{string.Concat(amazon)}{path}"
            + (signedQuery.Length > 0 ? "?" + signedQuery : "");
        string[] parameters =
        [
            .. query.Length > 0 ? [query] : Array.Empty<string>(),
            $"AWSAccessKeyId={ClientSigner.KeyId}",
            $"Signature={ClientSigner.Encode(Sign(text))}",
            $"Expires={expires}",
            .. headers.Select(header => $"{header.Name}={ClientSigner.Encode(header.Value)}"),
        ];
        return new(method, path, string.Join('&', parameters), new HeaderDictionary { ["Host"] = "s3.example.org" });
    }

    /// <summary>Signs a string, in base64.</summary>
    public static string Sign(string text, string secret = ClientSigner.Secret)
    {
#pragma warning disable CA5350 // The protocol requires it.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }
}
