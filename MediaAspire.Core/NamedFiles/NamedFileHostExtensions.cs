using MediaAspire.Core.Staging;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.NamedFiles;

public static class NamedFileHostExtensions
{
    /// <summary>Adds files by name; needs the database, Redis and the job queue.</summary>
    public static TBuilder AddNamedFileStore<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddStaging();
        builder.Services.TryAddSingleton<NamedFileCatalog>();
        builder.Services.TryAddSingleton<StagingOwner>();
        builder.Services.TryAddSingleton<NamedFileStore>();

        return builder;
    }
}
