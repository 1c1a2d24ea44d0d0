using MediaAspire.Core.Media.Filters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Media.Postgres;

public static class MediaStoreHostExtensions
{
    /// <summary>Adds <see cref="IMediaStore"/> in PostgreSQL; needs an NpgsqlDataSource and the job queue.</summary>
    public static IHostApplicationBuilder AddMediaStore(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<PostgresMediaStore>();
        builder.Services.TryAddSingleton<IMediaStore>(services => services.GetRequiredService<PostgresMediaStore>());

        return builder;
    }

    /// <summary>Adds <see cref="IMediaSearch"/> in PostgreSQL; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddMediaSearch(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<MediaSearchOptions, MediaSearchOptionsValidator>()
            .BindConfiguration(MediaSearchOptions.SectionName);
        builder.Services.TryAddSingleton<PostgresMediaSearch>();
        builder.Services.TryAddSingleton<IMediaSearch>(services => services.GetRequiredService<PostgresMediaSearch>());

        return builder;
    }
}
