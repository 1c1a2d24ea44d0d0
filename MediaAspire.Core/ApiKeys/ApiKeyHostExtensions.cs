using MediaAspire.Core.Owners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

public static class ApiKeyHostExtensions
{
    /// <summary>Adds <see cref="ApiKeyVerifier"/>, <see cref="ApiKeyStore"/> and the configured key; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddApiKeys(this IHostApplicationBuilder builder)
    {
        builder.AddOwners();
        builder.Services.AddOptionsWithValidateOnStart<ApiKeyOptions, ApiKeyOptionsValidator>()
            .BindConfiguration(ApiKeyOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsCustomValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ApiKeyStore>();
        builder.Services.TryAddSingleton<ApiKeyCache>();
        builder.Services.TryAddSingleton<ApiKeyUses>();
        builder.Services.TryAddSingleton<ApiKeyVerifier>();
        builder.Services.TryAddSingleton<RootApiKey>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ApiKeyUses>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RootApiKey>());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "api-keys", services => services.GetRequiredService<RootApiKey>(), failureStatus: null, tags: null));

        return builder;
    }
}
