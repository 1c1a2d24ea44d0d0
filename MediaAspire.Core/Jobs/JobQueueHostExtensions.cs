using MediaAspire.Core.Database;
using MediaAspire.Core.Jobs.Postgres;
using MediaAspire.Core.Jobs.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Jobs;

public static class JobQueueHostExtensions
{
    /// <summary>
    /// Adds <see cref="IJobQueue"/>, <see cref="IJobSource"/>, <see cref="IDeadJobs"/> and <see cref="IJobStats"/> of the provider that
    /// <c>Jobs:Provider</c> names; needs an NpgsqlDataSource, or an IConnectionMultiplexer.
    /// </summary>
    public static IHostApplicationBuilder AddJobQueue(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<JobOptions, JobOptionsValidator>().BindConfiguration(JobOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<JobMetrics>();

        // The validation of the options reports an invalid name; the choice is made before it.
        var name = builder.Configuration[$"{JobOptions.SectionName}:{nameof(JobOptions.Provider)}"];
        _ = Enum.TryParse<JobProvider>(name, ignoreCase: true, out var provider);
        return provider == JobProvider.Redis ? builder.AddRedisJobs() : builder.AddPostgresJobs();
    }

    private static IHostApplicationBuilder AddPostgresJobs(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddDatabaseListener();
        services.TryAddSingleton<PostgresJobCommands>();
        services.TryAddSingleton<PostgresJobDepth>();
        services.TryAddSingleton<PostgresJobSignal>();
        services.TryAddSingleton<PostgresJobQueue>();
        services.TryAddSingleton<IJobQueue>(provider => Trace(provider, provider.GetRequiredService<PostgresJobQueue>()));
        services.TryAddSingleton<IJobSource, PostgresJobSource>();
        services.TryAddSingleton<IDeadJobs, PostgresDeadJobs>();
        services.TryAddSingleton<IJobStats, PostgresJobStats>();
        return builder;
    }

    private static IHostApplicationBuilder AddRedisJobs(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<RedisJobCommands>();
        services.TryAddSingleton<RedisJobQueue>();
        services.TryAddSingleton<IJobQueue>(provider => Trace(provider, provider.GetRequiredService<RedisJobQueue>()));
        services.TryAddSingleton<IJobSource, RedisJobSource>();
        services.TryAddSingleton<IDeadJobs, RedisDeadJobs>();
        services.TryAddSingleton<IJobStats, RedisJobStats>();
        return builder;
    }

    private static TracedJobQueue Trace(IServiceProvider provider, IJobQueue queue) =>
        new(queue, provider.GetRequiredService<JobMetrics>());
}
