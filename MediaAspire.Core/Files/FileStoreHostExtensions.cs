using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Transfers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Files;

public static class FileStoreHostExtensions
{
    /// <summary>Adds the writer and the reader of files; needs the database, the cluster and an <see cref="ICopyFaults"/>.</summary>
    public static TBuilder AddFileStore<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<UploadOptions, UploadOptionsValidator>()
            .BindConfiguration(UploadOptions.SectionName);

        builder.AddChunkNodeClients();
        builder.Services.AddHealthChecks().AddCheck<FileStoreHealthCheck>("storage");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<FileMetrics>();
        builder.Services.TryAddSingleton<FileCatalog>();
        builder.Services.TryAddSingleton<IChunkLocator>(services => services.GetRequiredService<FileCatalog>());
        builder.Services.TryAddSingleton<ChunkCacheMetrics>();
        builder.Services.TryAddSingleton<ChunkCache>();
        builder.Services.TryAddSingleton<ChunkReader>();
        builder.Services.TryAddSingleton<FileWriter>();
        builder.Services.TryAddSingleton<FileReader>();
        builder.Services.TryAddSingleton<ContentReader>();

        return builder;
    }
}
