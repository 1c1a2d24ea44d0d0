using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.ObjectStore;

/// <summary>Signs addresses by Signature Version 4, with the signature in the query.</summary>
/// <remarks>
/// The SDK takes several times as long (docs/operations/benchmarks.md), and reads of media sign an address for each part.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
/// </remarks>
internal sealed class RequestPresigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly string _origin;
    private readonly string _host;
    private readonly string _bucketPath;
    private readonly string _accessKey;
    private readonly string _region;
    private readonly SigningKeyCache _keys;

    /// <param name="endpoint">The address by which clients reach the store.</param>
    /// <param name="connection">The keys, the region and the bucket.</param>
    public RequestPresigner(Uri endpoint, ObjectStoreConnection connection)
    {
        _origin = endpoint.GetLeftPart(UriPartial.Authority);
        _host = endpoint.IsDefaultPort ? endpoint.IdnHost : $"{endpoint.IdnHost}:{endpoint.Port}";
        _bucketPath = "/" + Uri.EscapeDataString(connection.Bucket) + "/";
        _accessKey = connection.AccessKey;
        _region = connection.Region;
        _keys = new SigningKeyCache(connection.SecretKey, connection.Region);
    }

    /// <summary>Returns the address of an object, without a signature.</summary>
    public Uri AddressOf(string key) => new(_origin + PathOf(key));

    /// <summary>Signs a request.</summary>
    /// <param name="method">The method, in capitals.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="query">Parameters of S3 after <c>X-Amz-</c> in byte order, in byte order, encoded; empty for none.</param>
    /// <param name="headers">The headers that must be sent.</param>
    /// <param name="now">The time from which the address works.</param>
    /// <param name="lifetime">The time for which the address works, in whole seconds.</param>
    public Uri Sign(
        string method,
        string key,
        string query,
        IReadOnlyDictionary<string, string> headers,
        DateTimeOffset now,
        TimeSpan lifetime)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = time[..8];
        var path = PathOf(key);
        var (names, lines) = Canonical(headers);

        var parameters = string.Create(
            CultureInfo.InvariantCulture,
            $"X-Amz-Algorithm={Algorithm}&X-Amz-Credential={Uri.EscapeDataString(_accessKey)}%2F{day}%2F{Uri.EscapeDataString(_region)}"
            + $"%2Fs3%2F{SignatureKeys.Terminal}&X-Amz-Date={time}&X-Amz-Expires={(long)lifetime.TotalSeconds}"
            + $"&X-Amz-SignedHeaders={names.Replace(";", "%3B", StringComparison.Ordinal)}{(query.Length > 0 ? "&" : "")}{query}");
        var hash = Hash($"{method}\n{path}\n{parameters}\n{lines}\n{names}\nUNSIGNED-PAYLOAD");
        var toSign = $"{Algorithm}\n{time}\n{day}/{_region}/s3/{SignatureKeys.Terminal}\n{hash}";
        var signature = HMACSHA256.HashData(_keys.Of(day), Encoding.UTF8.GetBytes(toSign));

        return new Uri($"{_origin}{path}?{parameters}&X-Amz-Signature={Convert.ToHexStringLower(signature)}");
    }

    private (string Names, string Lines) Canonical(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count == 0)
        {
            return ("host", $"host:{_host}\n");
        }

        var all = headers.Select(header => (Name: header.Key.ToLowerInvariant(), header.Value)).Append((Name: "host", Value: _host))
            .OrderBy(header => header.Name, StringComparer.Ordinal)
            .ToArray();
        return (
            string.Join(';', all.Select(header => header.Name)),
            string.Concat(all.Select(header => $"{header.Name}:{header.Value.Trim()}\n")));
    }

    // The path is encoded once, and the slashes of a key stay.
    private string PathOf(string key) =>
        _bucketPath + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
