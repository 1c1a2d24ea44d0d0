using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>Signs requests as a client does, written from the standard's text and sharing nothing with the server.</summary>
internal sealed class ClientSigner(string keyId, string secret, string time, string region = "us-east-1", string service = "s3")
{
    public const string KeyId = "AKIAIOSFODNN7EXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    public string Time => time;

    private string Scope => $"{time[..8]}/{region}/{service}/aws4_request";

    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(octet =>
        char.IsAsciiLetterOrDigit((char)octet) || "-._~".Contains((char)octet, StringComparison.Ordinal)
            ? ((char)octet).ToString()
            : $"%{octet:X2}"));

    public static string EncodePath(string key) => "/" + string.Join('/', key.Split('/').Select(Encode));

    public static string HexSha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Adds date and content hash, and an Authorization over every header.</summary>
    public RequestToVerify Sign(
        string method,
        string path,
        IReadOnlyList<(string Name, string Value)> query,
        IReadOnlyList<(string Name, string Value)> headers,
        string payloadHash = "UNSIGNED-PAYLOAD")
    {
        List<(string Name, string Value)> signed =
        [
            .. headers,
            ("Host", "s3.example.org"),
            ("x-amz-date", time),
            ("x-amz-content-sha256", payloadHash),
        ];
        var names = SignedNames(signed);
        var signature = Sign(Canonical(method, path, query, signed, payloadHash));
        signed.Add(("Authorization",
            $"AWS4-HMAC-SHA256 Credential={keyId}/{Scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}"));
        return new(method, path, Query(query), Headers(signed));
    }

    /// <summary>Makes a presigned URL that is valid for a number of seconds.</summary>
    public RequestToVerify Presign(
        string method,
        string path,
        IReadOnlyList<(string Name, string Value)> query,
        IReadOnlyList<(string Name, string Value)> headers,
        string expires,
        string payloadHash = "UNSIGNED-PAYLOAD")
    {
        var signed = headers.Append(("Host", "s3.example.org")).ToList();
        List<(string, string)> parameters =
        [
            .. query,
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", $"{keyId}/{Scope}"),
            ("X-Amz-Date", time),
            ("X-Amz-Expires", expires),
            ("X-Amz-SignedHeaders", string.Join(';', SignedNames(signed))),
        ];
        parameters.Add(("X-Amz-Signature", Sign(Canonical(method, path, parameters, signed, payloadHash))));
        return new(method, path, Query(parameters), Headers(signed));
    }

    public string Sign(string canonicalRequest) =>
        Hmac(SigningKey(), $"AWS4-HMAC-SHA256\n{time}\n{Scope}\n{HexSha256(canonicalRequest)}");

    public string SignChunk(string previous, byte[] chunk) => Hmac(
        SigningKey(),
        $"AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{Scope}\n{previous}\n{HexSha256("")}\n{Convert.ToHexStringLower(SHA256.HashData(chunk))}");

    public string SignTrailers(string previous, string lines) =>
        Hmac(SigningKey(), $"AWS4-HMAC-SHA256-TRAILER\n{time}\n{Scope}\n{previous}\n{HexSha256(lines)}");

    public string SignPolicy(string base64) => Hmac(SigningKey(), base64);

    public static string SignatureOf(RequestToVerify request) => request.Headers.Authorization.ToString().Split("Signature=")[1];

    private static string Canonical(
        string method,
        string path,
        IReadOnlyList<(string Name, string Value)> query,
        IReadOnlyList<(string Name, string Value)> headers,
        string payloadHash)
    {
        var pairs = query.Select(pair => (Name: Encode(pair.Name), Value: Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        var names = SignedNames(headers);
        var lines = names.Select(name =>
        {
            var values = headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            return $"{name}:{string.Join(',', values.Select(header => Trim(header.Value)))}\n";
        });
        return $"{method}\n{path}\n{string.Join('&', pairs)}\n{string.Concat(lines)}\n{string.Join(';', names)}\n{payloadHash}";
    }

    private static string[] SignedNames(IEnumerable<(string Name, string Value)> headers) =>
        [.. headers.Select(header => header.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    private static string Trim(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Query(IEnumerable<(string Name, string Value)> query) =>
        string.Join('&', query.Select(pair => $"{Encode(pair.Name)}={Encode(pair.Value)}"));

    private static HeaderDictionary Headers(IEnumerable<(string Name, string Value)> headers) =>
        new(headers.GroupBy(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => new StringValues([.. group]), StringComparer.OrdinalIgnoreCase));

    private byte[] SigningKey() =>
        new[] { time[..8], region, service, "aws4_request" }.Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + secret), (key, text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private static string Hmac(byte[] key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
