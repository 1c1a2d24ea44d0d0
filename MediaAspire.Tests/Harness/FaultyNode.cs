using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Storage.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using BlockRun = MediaAspire.Core.Chunks.BlockRun;

namespace MediaAspire.Tests.Harness;

public enum Fault
{
    /// <summary>Accepts nothing and does not respond.</summary>
    HangsAtOnce,

    /// <summary>Stops reading in the middle.</summary>
    Hangs,

    /// <summary>Breaks the connection in the middle.</summary>
    Breaks,

    /// <summary>Has no space for the chunk.</summary>
    IsFull,

    /// <summary>Runs out of space in the middle.</summary>
    GetsFull,
}

/// <summary>A chunk node whose writes fail in a chosen way, and which damages every block that it sends.</summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FaultyNode(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    public static async Task<FaultyNode> StartAsync(Fault fault)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(server => server.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.UseTransfers();
        }));
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = BlockFormat.MaxMessageBytes);
        builder.Services.AddSingleton(new FaultyService(fault));
        builder.Services.AddSingleton<ITransferService>(services => services.GetRequiredService<FaultyService>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TransferServer>();
        builder.Services.AddSingleton<IServiceMethodProvider<FaultyService>, FaultyMethods>();
        var app = builder.Build();
        app.MapGrpcService<FaultyService>();
        await app.StartAsync();
        return new FaultyNode(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    internal sealed class FaultyService(Fault fault) : ITransferService
    {
        private const int RunsBeforeTheFault = 2;

        public void Admit(TransferHello hello)
        {
            // Any token is valid.
        }

        public Task<PutChunkReply> PutChunk(IAsyncStreamReader<PutChunkPart> parts, ServerCallContext context) => PutAsync(
            parts, () => context.WriteResponseHeadersAsync([]), context.GetHttpContext().Abort, context.CancellationToken);

        public Task<PutChunkReply> PutAsync(
            IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, CancellationToken cancellationToken) =>
            PutAsync(parts, accept, () => throw new IOException("The connection breaks here."), cancellationToken);

        private async Task<PutChunkReply> PutAsync(
            IAsyncStreamReader<PutChunkPart> parts, Func<Task> accept, Action breakConnection, CancellationToken cancellationToken)
        {
            if (fault == Fault.HangsAtOnce)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (fault == Fault.IsFull)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "No room."));
            }

            for (var runs = 0; await parts.MoveNext(cancellationToken);)
            {
                if (parts.Current.Open is { Whole: false })
                {
                    await accept();
                }

                parts.Current.Blocks?.Dispose();
                runs += parts.Current.Blocks is null ? 0 : 1;
                if (runs == RunsBeforeTheFault)
                {
                    await FailAsync(breakConnection, cancellationToken);
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new RpcException(new Status(StatusCode.Internal, "Unreachable."));
        }

        public static async Task GetChunk(GetChunkRequest request, IServerStreamWriter<BlockRun> replies, ServerCallContext context)
        {
            using var run = Runs.MakeDamaged(BlockFormat.BlockStart(request.Offset), TestBytes.Make(1, BlockFormat.BlockSize));
            await replies.WriteAsync(run, context.CancellationToken);
        }

        public static Task<VerifyChunkReply> VerifyChunk() => Task.FromResult(new VerifyChunkReply { Intact = true });

        public static Task<DeleteChunkReply> DeleteChunk() => Task.FromResult(new DeleteChunkReply());

        private async Task FailAsync(Action breakConnection, CancellationToken cancellationToken)
        {
            switch (fault)
            {
                case Fault.Hangs:
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                    break;
                case Fault.Breaks:
                    breakConnection();

                    // A response of the handler could still be sent before the connection is gone.
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                    break;
                case Fault.GetsFull:
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, "No room left."));
            }
        }
    }

    private sealed class FaultyMethods : IServiceMethodProvider<FaultyService>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FaultyService> context)
        {
            context.AddClientStreamingMethod(
                ChunkStoreMethods.PutChunk, [], static (service, parts, call) => service.PutChunk(parts, call));
            context.AddServerStreamingMethod(
                ChunkStoreMethods.GetChunk, [], static (_, request, replies, call) => FaultyService.GetChunk(request, replies, call));
            context.AddUnaryMethod(ChunkStoreMethods.VerifyChunk, [], static (_, _, _) => FaultyService.VerifyChunk());
            context.AddUnaryMethod(ChunkStoreMethods.DeleteChunk, [], static (_, _, _) => FaultyService.DeleteChunk());
        }
    }
}
