using System.Security.Cryptography;

namespace MediaAspire.Tests.Api.S3;

/// <summary>Bodies of requests, as they are sent.</summary>
internal static class Bodies
{
    public static byte[] Random(int size) => RandomNumberGenerator.GetBytes(size);

    /// <summary>Gets the entity tag of an object that was put at once, with its quotes.</summary>
    public static string ETagOf(byte[] body) => $"\"{Convert.ToHexStringLower(Md5Of(body))}\"";

    public static string ContentMd5Of(byte[] body) => Convert.ToBase64String(Md5Of(body));

#pragma warning disable CA5351 // S3's entity tag is an MD5.
    public static byte[] Md5Of(ReadOnlySpan<byte> body) => MD5.HashData(body);
#pragma warning restore CA5351

    /// <summary>Gets an object and asserts that it is there.</summary>
    public static async Task<byte[]> GetBytesAsync(this S3TestHost host, string target)
    {
        using var answer = await host.GetAsync(target);
        await answer.AssertStatusAsync(200);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
