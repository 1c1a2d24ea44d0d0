using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.ServiceDefaults;

/// <summary>Buffers for a server whose requests carry files.</summary>
public static class TransferBuffers
{
    // The server asks for 4 KiB at a time, which means a system call for each 4 KiB of a file.
    private const int BlockBytes = 64 * 1024;

    /// <summary>Makes Kestrel receive and send in blocks of 64 KiB. A connection without data in transit does not hold a block.</summary>
    public static TBuilder AddTransferBuffers<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // The server registers its own factory first; the last registration wins.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>();
        return builder;
    }

    private sealed class BlockPoolFactory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();
    }

    /// <summary>The runtime's shared pool, which shrinks when memory is short, with a minimum size of a block.</summary>
    private sealed class BlockPool : MemoryPool<byte>
    {
        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

        protected override void Dispose(bool disposing)
        {
            // The shared pool outlives every user of it.
        }
    }
}
