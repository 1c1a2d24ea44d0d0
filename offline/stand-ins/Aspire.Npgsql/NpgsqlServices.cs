using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aspire.Npgsql;

/// <summary>Registers a data source and what is derived from it, keyed when <c>serviceKey</c> is given.</summary>
internal static class NpgsqlServices
{
    public static void AddDataSource(
        this IServiceCollection services, string? connectionString, object? serviceKey, Action<NpgsqlDataSourceBuilder> configure)
    {
        services.TryAdd(Describe<NpgsqlDataSource>(serviceKey, ServiceLifetime.Singleton, provider =>
        {
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            builder.UseLoggerFactory(provider.GetService<ILoggerFactory>());
            configure(builder);
            return builder.Build();
        }));

        services.TryAdd(Describe<DbDataSource>(serviceKey, ServiceLifetime.Singleton, provider => Resolve(provider, serviceKey)));
        services.TryAdd(Describe<NpgsqlConnection>(serviceKey, ServiceLifetime.Transient, Connect));
        services.TryAdd(Describe<DbConnection>(serviceKey, ServiceLifetime.Transient, Connect));

        NpgsqlConnection Connect(IServiceProvider provider) => Resolve(provider, serviceKey).CreateConnection();
    }

    public static NpgsqlDataSource Resolve(IServiceProvider provider, object? serviceKey) =>
        serviceKey is null
            ? provider.GetRequiredService<NpgsqlDataSource>()
            : provider.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey);

    private static ServiceDescriptor Describe<TService>(
        object? serviceKey, ServiceLifetime lifetime, Func<IServiceProvider, TService> create)
        where TService : class =>
        serviceKey is null
            ? ServiceDescriptor.Describe(typeof(TService), create, lifetime)
            : ServiceDescriptor.DescribeKeyed(typeof(TService), serviceKey, (provider, _) => create(provider), lifetime);
}
