using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.ObjectStore;

/// <summary>Derives the keys of Signature Version 4.</summary>
public static class SignatureKeys
{
    /// <summary>The last part of every scope.</summary>
    public const string Terminal = "aws4_request";

    /// <summary>Derives the key of a day, region and service.</summary>
    /// <param name="secret">The secret of the access key.</param>
    /// <param name="day">The day, as <c>yyyyMMdd</c>.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service, such as <c>s3</c>.</param>
    public static byte[] Derive(string secret, string day, string region, string service)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.UTF8.GetBytes(day));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(service));
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Terminal));
    }
}
