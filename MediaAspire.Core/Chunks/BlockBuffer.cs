using System.Numerics;
using System.Runtime.InteropServices;

namespace MediaAspire.Core.Chunks;

/// <summary>Pooled memory that starts at a page and never moves, so that it can be written to a disk without a copy.</summary>
internal sealed class BlockBuffer
{
    private const int PageBytes = 4096;

    // Per size. Buffers returned beyond that are left to the garbage collector.
    private const int MostKept = 32;

    private static readonly int s_smallest = BitOperations.Log2(BlockFormat.BlockSize);

    // The buffer used last is taken first: it is the likeliest to be in a processor's cache.
    private static readonly Stack<BlockBuffer>[] s_kept =
    [
        .. Enumerable.Range(s_smallest, BitOperations.Log2(BlockFormat.MaxRunBytes) - s_smallest + 1)
            .Select(_ => new Stack<BlockBuffer>()),
    ];

    private readonly Stack<BlockBuffer> _home;

    private BlockBuffer(int bytes, Stack<BlockBuffer> home)
    {
        _home = home;
        var array = GC.AllocateUninitializedArray<byte>(bytes + PageBytes, pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % PageBytes);
        Memory = MemoryMarshal.CreateFromPinnedArray(array, (PageBytes - beyond) % PageBytes, bytes);
    }

    /// <summary>Raised for each returned buffer, so that a test can find a lost one.</summary>
    internal static event Action<Memory<byte>>? Returned;

    public Memory<byte> Memory { get; }

    /// <summary>Takes a buffer of at least <paramref name="bytes"/> bytes, 1 to <see cref="BlockFormat.MaxRunBytes"/>.</summary>
    public static BlockBuffer Rent(int bytes)
    {
        var power = Math.Max(BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)bytes)), s_smallest);
        var home = s_kept[power - s_smallest];
        lock (home)
        {
            if (home.TryPop(out var kept))
            {
                return kept;
            }
        }

        return new BlockBuffer(1 << power, home);
    }

    /// <summary>Returns the buffer to the pool. The renter must not use it afterwards.</summary>
    public void Return()
    {
        Returned?.Invoke(Memory);
        lock (_home)
        {
            if (_home.Count < MostKept)
            {
                _home.Push(this);
            }
        }
    }
}
