using MediaAspire.Core.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Chunks;

public static class ChunkHostExtensions
{
    /// <summary>Adds <see cref="ChunkNodeClients"/>.</summary>
    public static IHostApplicationBuilder AddChunkNodeClients(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ChunkOptions, ChunkOptionsValidator>().BindConfiguration(ChunkOptions.SectionName);
        builder.Services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ChunkNodeClients>();
        return builder;
    }
}
