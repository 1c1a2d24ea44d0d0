using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MediaAspire.Core.Checksums;

internal sealed partial class ReflectedCrc
{
    private readonly Folding _folding;

    /// <summary>
    /// Many bytes at once by the processor's multiplication without carries: sixteen bytes are replaced, modulo the polynomial, by
    /// sixteen that stand further on, where they are added to those that are there; what is left at the end goes through the tables.
    /// </summary>
    /// <remarks>
    /// After V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009. As the bytes
    /// of a lane come with the lowest bit first, its lower half has the higher powers, and a product comes out multiplied by x.
    /// </remarks>
    private readonly struct Folding
    {
        private const int Lanes = 4;
        private const int LaneSize = 16;

        private readonly Vector128<ulong> _overLanes;
        private readonly Vector128<ulong> _overOne;

        public Folding(ReflectedCrc crc)
        {
            _overLanes = Distance(crc, Lanes * LaneSize);
            _overOne = Distance(crc, LaneSize);
        }

        public static bool IsSupported => Pclmulqdq.IsSupported;

        /// <summary>Gets the fewest bytes that can be folded.</summary>
        public static int MinLength => Lanes * LaneSize;

        public ulong Append(ReflectedCrc crc, ulong state, ReadOnlySpan<byte> bytes)
        {
            var lanes = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
            var rest = bytes[(lanes.Length * LaneSize)..];

            var first = lanes[0] ^ Vector128.CreateScalar(state);
            var second = lanes[1];
            var third = lanes[2];
            var fourth = lanes[3];
            for (lanes = lanes[Lanes..]; lanes.Length >= Lanes; lanes = lanes[Lanes..])
            {
                first = Fold(first, _overLanes) ^ lanes[0];
                second = Fold(second, _overLanes) ^ lanes[1];
                third = Fold(third, _overLanes) ^ lanes[2];
                fourth = Fold(fourth, _overLanes) ^ lanes[3];
            }

            first = Fold(first, _overOne) ^ second;
            first = Fold(first, _overOne) ^ third;
            first = Fold(first, _overOne) ^ fourth;
            foreach (var lane in lanes)
            {
                first = Fold(first, _overOne) ^ lane;
            }

            state = crc.AppendByTable(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(ref first)));
            return crc.AppendByTable(state, rest);
        }

        private static Vector128<ulong> Fold(Vector128<ulong> lane, Vector128<ulong> distance) =>
            Pclmulqdq.CarrylessMultiply(lane, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, distance, 0x11);

        /// <summary>What the two halves of a lane are multiplied by to stand so many bytes further on.</summary>
        private static Vector128<ulong> Distance(ReflectedCrc crc, int bytes)
        {
            var bits = (UInt128)bytes * 8;
            var unused = 64 - crc._width;
            return Vector128.Create(crc.PowerOfX(bits + 64 - 1) << unused, crc.PowerOfX(bits - 1) << unused);
        }
    }
}
