using MediaAspire.Core.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks.Transfers;

public static class ChunkNodeHostExtensions
{
    /// <summary>Adds <see cref="ChunkNodeClients"/>, which put chunks over transfer connections and by gRPC.</summary>
    public static IHostApplicationBuilder AddChunkNodeClients(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ChunkOptions, ChunkOptionsValidator>().BindConfiguration(ChunkOptions.SectionName);
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IPutTransports, TransferTransports>();
        builder.Services.TryAddSingleton(services => new ChunkNodeClients(
            services.GetRequiredService<IOptions<ChunkOptions>>(),
            services.GetRequiredService<IOptions<ClusterOptions>>(),
            services.GetRequiredService<IPutTransports>(),
            services.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
