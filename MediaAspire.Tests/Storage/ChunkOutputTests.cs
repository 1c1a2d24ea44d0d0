using System.Runtime.InteropServices;
using MediaAspire.Core.Chunks;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;
using Microsoft.Win32.SafeHandles;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace MediaAspire.Tests.Storage;

public sealed class ChunkOutputTests : IDisposable
{
    private const int Long = 4 * 1024 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public ChunkOutputTests()
    {
        _path = Path.Combine(_directory.Path, "output");
        _handle = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    public void Dispose()
    {
        _handle.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(BlockFormat.DefaultRunBytes + 1L, true)]
    [InlineData(null, true)]
    [InlineData((long)BlockFormat.DefaultRunBytes, false)]
    [InlineData(0L, false)]
    public void New_LongOrOfUnknownLength_GoesPastThePageCache(long? expectedSize, bool direct)
    {
        _ = new ChunkOutput(_handle, expectedSize);

        Assert.Equal(direct && IsSupported, IsDirect);
    }

    [Fact]
    public async Task Write_WholePagesThenAnOddRest_KeepsEveryByte()
    {
        var bytes = TestBytes.Make(1, BlockFormat.DefaultRunBytes + 4097);
        using var whole = Runs.Make(0, bytes.AsSpan(0, BlockFormat.DefaultRunBytes));
        using var rest = Runs.Make(BlockFormat.DefaultRunBytes, bytes.AsSpan(BlockFormat.DefaultRunBytes));
        var output = new ChunkOutput(_handle, Long);

        await output.WriteAsync(whole.Data, 0, CancellationToken.None);
        var afterWhole = IsDirect;
        await output.WriteAsync(rest.Data, whole.Length, CancellationToken.None);

        Assert.Equal((IsSupported, false), (afterWhole, IsDirect));
        Assert.Equal(bytes, await ReadAsync());
    }

    [Fact]
    public async Task Write_MemoryThatTheDiskCannotTake_GoesThroughThePageCache()
    {
        var bytes = TestBytes.Make(2, 8192);
        var odd = new byte[8193 + 4096].AsMemory(1, 8192);
        bytes.CopyTo(odd);
        var output = new ChunkOutput(_handle, Long);

        await output.WriteAsync(odd, 0, CancellationToken.None);

        Assert.False(IsDirect);
        Assert.Equal(bytes, await ReadAsync());
    }

    /// <summary>Gets a value indicating whether the file system under the test can write past its cache.</summary>
    private bool IsSupported
    {
        get
        {
            using var probe = File.OpenHandle(Path.Combine(_directory.Path, "probe"), FileMode.OpenOrCreate, FileAccess.Write);
            return StableStorage.TrySetDirect(probe, true);
        }
    }

    /// <summary>Reads the handle's flags from the kernel.</summary>
    private bool IsDirect
    {
        get
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{_handle.DangerousGetHandle()}")
                .Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
            var direct = RuntimeInformation.ProcessArchitecture == ProcessorArchitecture.Arm64 ? 0x10000 : 0x4000;
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & direct) != 0;
        }
    }

    private async Task<byte[]> ReadAsync()
    {
        await using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
