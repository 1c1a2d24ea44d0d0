namespace MediaAspire.Core.Checksums;

/// <summary>
/// A combiner of the CRCs of two consecutive pieces into the CRC of both, for CRCs that start with all ones and end inverted.
/// </summary>
/// <remarks>
/// System.IO.Hashing computes such CRCs but does not combine them. Numbers here are polynomials over GF(2) in the order of these CRCs: the
/// lowest bit is the highest power. Immutable and thread-safe.
/// </remarks>
internal sealed class CrcCombiner
{
    private readonly ulong _polynomial;

    // The polynomial 1.
    private readonly ulong _one;

    // x to the power of 2^k, modulo the polynomial: enough for eight times the maximum length.
    private readonly ulong[] _powers = new ulong[63 + 3];

    private CrcCombiner(int width, ulong polynomial)
    {
        _polynomial = polynomial;
        _one = 1UL << (width - 1);
        _powers[0] = TimesX(_one);
        for (var k = 1; k < _powers.Length; k++)
        {
            _powers[k] = Multiply(_powers[k - 1], _powers[k - 1]);
        }
    }

    /// <summary>Gets the combiner for the CRC of ISO 3309.</summary>
    public static CrcCombiner Crc32 { get; } = new(32, 0xEDB88320);

    /// <summary>Gets the combiner for Castagnoli's CRC (RFC 3720, appendix B.4).</summary>
    public static CrcCombiner Crc32C { get; } = new(32, 0x82F63B78);

    /// <summary>Gets the combiner for the CRC of the NVM command set; its polynomial is 0xAD93D23594C93659, highest power first.</summary>
    public static CrcCombiner Crc64Nvme { get; } = new(64, 0x9A6C9329AC4BC9B5);

    /// <summary>Combines the CRCs of two consecutive pieces.</summary>
    /// <param name="first">The first piece's CRC; 0 for no bytes.</param>
    /// <param name="second">The second piece's CRC.</param>
    /// <param name="secondLength">The second piece's length in bytes.</param>
    /// <returns>The CRC of both.</returns>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);

        // Appending a byte is a multiplication by x^8. The initial ones and the final inversion of both cancel out in the sum.
        return Multiply(first, PowerOfX((UInt128)secondLength * 8)) ^ second;
    }

    private ulong PowerOfX(UInt128 exponent)
    {
        var power = _one;
        for (var k = 0; exponent != 0; k++, exponent >>= 1)
        {
            if (!UInt128.IsEvenInteger(exponent))
            {
                power = Multiply(power, _powers[k]);
            }
        }

        return power;
    }

    private ulong Multiply(ulong left, ulong right)
    {
        var product = 0UL;
        for (var bit = _one; bit != 0; bit >>= 1, right = TimesX(right))
        {
            if ((left & bit) != 0)
            {
                product ^= right;
            }
        }

        return product;
    }

    private ulong TimesX(ulong value) => (value & 1) == 0 ? value >> 1 : (value >> 1) ^ _polynomial;
}
