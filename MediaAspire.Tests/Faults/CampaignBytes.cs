using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MediaAspire.Tests.Faults;

/// <summary>The bytes of the campaign's files. A number determines every part of them, so they need no memory.</summary>
internal static class CampaignBytes
{
    /// <summary>Makes the file's bytes from <paramref name="offset"/> on.</summary>
    public static byte[] Make(long number, long offset, int length)
    {
        var bytes = new byte[length];
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        var written = 0;
        while (written < length)
        {
            var position = offset + written;
            var within = (int)(position % sizeof(ulong));
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix((ulong)number, (ulong)(position / sizeof(ulong))));
            var count = Math.Min(sizeof(ulong) - within, length - written);
            word.Slice(within, count).CopyTo(bytes.AsSpan(written));
            written += count;
        }

        return bytes;
    }

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // SplitMix64: https://prng.di.unimi.it/splitmix64.c
    private static ulong Mix(ulong number, ulong index)
    {
        var z = unchecked((number * 0xd1342543de82ef95) + ((index + 1) * 0x9e3779b97f4a7c15));
        z = unchecked((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9);
        z = unchecked((z ^ (z >> 27)) * 0x94d049bb133111eb);
        return z ^ (z >> 31);
    }
}
