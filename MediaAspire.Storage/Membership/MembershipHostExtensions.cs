using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Volumes;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

internal static class MembershipHostExtensions
{
    /// <summary>
    /// Adds the node's start, its identity, the check of its callers and its registration; needs an NpgsqlDataSource and the chunk store.
    /// </summary>
    public static IHostApplicationBuilder AddMembership(this IHostApplicationBuilder builder)
    {
        builder.AddDataVolume();
        builder.AddNodeRegistry();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, AdvertisedAddressValidator>());
        builder.Services.TryAddSingleton<NodeIdentity>();
        builder.Services.TryAddSingleton<CallerCheck>();
        builder.Services.TryAddSingleton<SeenHistory>();
        builder.Services.TryAddSingleton<ICopySources, CopySources>();
        builder.Services.TryAddSingleton<ClusterAdmission>();
        builder.Services.TryAddSingleton<RegistrationService>();

        // First: the node acquires its data directory before it registers.
        builder.Services.AddHostedService<NodeStartup>();
        builder.Services.AddHostedService<TrashKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RegistrationService>());
        return builder;
    }
}
