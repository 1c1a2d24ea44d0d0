using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ObjectStore;

public static class ObjectStoreHostExtensions
{
    /// <summary>Adds <see cref="IObjectStore"/> for the connection string <see cref="ObjectStoreOptions.ConnectionName"/>.</summary>
    /// <remarks>
    /// Calling it again does nothing.
    /// A store that does not answer degrades the process and does not make it unhealthy: files do not need it, and where the store is the
    /// process itself, it would wait for itself.
    /// </remarks>
    public static IHostApplicationBuilder AddObjectStore(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(ObjectStoreHealthCheck)))
        {
            return builder;
        }

        builder.Services.AddOptionsWithValidateOnStart<ObjectStoreOptions, ObjectStoreOptionsValidator>()
            .Configure<IConfiguration>((options, configuration) =>
                options.ConnectionString = configuration.GetConnectionString(ObjectStoreOptions.ConnectionName) ?? "")
            .BindConfiguration(ObjectStoreOptions.SectionName);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ObjectStoreOptions>, ObjectStoreOptionsCustomValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IObjectStore, ObjectStoreClient>();
        builder.Services.TryAddSingleton<ObjectStoreHealthCheck>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "object-store", services => services.GetRequiredService<ObjectStoreHealthCheck>(), HealthStatus.Degraded, tags: null));

        return builder;
    }
}
