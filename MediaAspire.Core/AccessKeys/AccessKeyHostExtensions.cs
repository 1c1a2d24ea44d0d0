using MediaAspire.Core.Owners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

public static class AccessKeyHostExtensions
{
    /// <summary>Adds <see cref="IAccessKeys"/>, <see cref="AccessKeyStore"/> and the root key; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddAccessKeys(this IHostApplicationBuilder builder)
    {
        builder.AddOwners();
        builder.Services.AddOptionsWithValidateOnStart<AccessKeyOptions, AccessKeyOptionsValidator>()
            .BindConfiguration(AccessKeyOptions.SectionName);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<AccessKeyOptions>, AccessKeyOptionsCustomValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<SecretSealer>();
        builder.Services.TryAddSingleton<AccessKeyStore>();
        builder.Services.TryAddSingleton<AccessKeyCache>();
        builder.Services.TryAddSingleton<IAccessKeys>(services => services.GetRequiredService<AccessKeyCache>());
        builder.Services.TryAddSingleton<SealedSecrets>();
        builder.Services.AddHostedService<SecretResealer>();
        builder.Services.TryAddSingleton<RootAccessKey>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RootAccessKey>());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "access-keys", services => services.GetRequiredService<RootAccessKey>(), failureStatus: null, tags: null));

        return builder;
    }
}
