using System.Buffers.Binary;

namespace MediaAspire.Core.Checksums;

/// <summary>A CRC of 32 or 64 bits that takes every byte's lowest bit first, begins with all ones and ends inverted.</summary>
/// <remarks>
/// Numbers here are polynomials over GF(2), written as such CRCs write them: the lowest bit is the highest power. Immutable and
/// thread-safe; the state of a computation is the caller's.
/// </remarks>
internal sealed partial class ReflectedCrc
{
    private const int Slices = 8;
    private const int TableSize = 256;

    private readonly int _width;
    private readonly ulong _polynomial;

    // The CRC of each byte followed by 0 to 7 zero bytes, so that eight bytes take eight independent look-ups.
    private readonly ulong[] _tables = new ulong[Slices * TableSize];

    // x to the power of 2^k, modulo the polynomial: enough for eight times any length.
    private readonly ulong[] _powers = new ulong[63 + 3];

    private ReflectedCrc(int width, ulong polynomial)
    {
        _width = width;
        _polynomial = polynomial;
        Ones = ulong.MaxValue >> (64 - width);

        for (var value = 0; value < TableSize; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = TimesX(crc);
            }

            _tables[value] = crc;
        }

        for (var index = TableSize; index < _tables.Length; index++)
        {
            var crc = _tables[index - TableSize];
            _tables[index] = (crc >> 8) ^ _tables[(byte)crc];
        }

        _powers[0] = TimesX(One);
        for (var k = 1; k < _powers.Length; k++)
        {
            _powers[k] = Multiply(_powers[k - 1], _powers[k - 1]);
        }

        _folding = new(this);
    }

    /// <summary>Gets the CRC of ISO 3309. Computing it is System.IO.Hashing's business; this one combines.</summary>
    public static ReflectedCrc Crc32 { get; } = new(32, 0xEDB88320);

    /// <summary>Gets Castagnoli's CRC (RFC 3720, appendix B.4).</summary>
    public static ReflectedCrc Crc32C { get; } = new(32, 0x82F63B78);

    /// <summary>Gets the CRC of the NVM command set; its polynomial is 0xAD93D23594C93659, highest power first.</summary>
    public static ReflectedCrc Crc64Nvme { get; } = new(64, 0x9A6C9329AC4BC9B5);

    /// <summary>Gets the state before the first byte. A state combined with it by exclusive or is the CRC so far.</summary>
    public ulong Ones { get; }

    // The polynomial 1.
    private ulong One => 1UL << (_width - 1);

    /// <summary>Takes in the next bytes and returns the new state, by the fastest way that the processor has.</summary>
    public ulong Append(ulong state, ReadOnlySpan<byte> bytes) =>
        Folding.IsSupported && bytes.Length >= Folding.MinLength ? _folding.Append(this, state, bytes) : AppendByTable(state, bytes);

    /// <summary>The same by tables, on any processor.</summary>
    internal ulong AppendByTable(ulong state, ReadOnlySpan<byte> bytes)
    {
        var tables = _tables;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            var value = state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = tables[(7 * TableSize) + (byte)value]
                ^ tables[(6 * TableSize) + (byte)(value >> 8)]
                ^ tables[(5 * TableSize) + (byte)(value >> 16)]
                ^ tables[(4 * TableSize) + (byte)(value >> 24)]
                ^ tables[(3 * TableSize) + (byte)(value >> 32)]
                ^ tables[(2 * TableSize) + (byte)(value >> 40)]
                ^ tables[TableSize + (byte)(value >> 48)]
                ^ tables[(byte)(value >> 56)];
        }

        foreach (var value in bytes)
        {
            state = (state >> 8) ^ tables[(byte)(state ^ value)];
        }

        return state;
    }

    /// <summary>Gives the CRC of two pieces in a row.</summary>
    /// <param name="first">The first piece's CRC.</param>
    /// <param name="second">The second piece's CRC.</param>
    /// <param name="secondLength">The second piece's length in bytes.</param>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLength);

        // Appending a byte is a multiplication by x^8. That both begin with ones and end inverted cancels out in the sum.
        return Multiply(first, PowerOfX((UInt128)secondLength * 8)) ^ second;
    }

    /// <summary>Gives x to this power.</summary>
    private ulong PowerOfX(UInt128 exponent)
    {
        var power = One;
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
        for (var bit = One; bit != 0; bit >>= 1, right = TimesX(right))
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
