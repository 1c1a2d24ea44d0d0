using MediaAspire.Core.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks.Transfers;

public static class ChunkNodeHostExtensions
{
    /// <summary>Adds <see cref="ChunkNodeClients"/>, which put chunks over transfer connections and by gRPC, and their options.</summary>
    public static IHostApplicationBuilder AddChunkNodeClients(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ChunkOptions, ChunkOptionsValidator>().BindConfiguration(ChunkOptions.SectionName);
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.SectionName);
        builder.Services.AddChunkNodeClients();
        return builder;
    }

    /// <summary>Adds <see cref="ChunkNodeClients"/>; needs the options of chunks and cluster.</summary>
    internal static IServiceCollection AddChunkNodeClients(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClusterCertificates>();
        services.TryAddSingleton<IPutTransports, TransferTransports>();
        services.TryAddSingleton(provider => new ChunkNodeClients(
            provider.GetRequiredService<IOptions<ChunkOptions>>(),
            provider.GetRequiredService<IOptions<ClusterOptions>>(),
            provider.GetRequiredService<ClusterCertificates>(),
            provider.GetRequiredService<IPutTransports>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
