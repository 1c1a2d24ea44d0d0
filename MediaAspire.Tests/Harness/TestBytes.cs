using System.Security.Cryptography;

namespace MediaAspire.Tests.Harness;

/// <summary>Pseudorandom bytes that a seed determines and that need not be kept in memory.</summary>
internal static class TestBytes
{
    public static byte[] Make(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static async Task<string> Sha256Async(Stream stream) => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
}
