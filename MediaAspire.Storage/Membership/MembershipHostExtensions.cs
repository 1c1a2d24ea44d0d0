using MediaAspire.Core.Cluster;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Membership;

internal static class MembershipHostExtensions
{
    /// <summary>Adds the node's identity and its registration in the cluster; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddMembership(this IHostApplicationBuilder builder)
    {
        builder.AddNodeRegistry();
        builder.Services.TryAddSingleton<NodeIdentity>();
        builder.Services.TryAddSingleton<ClusterAdmission>();
        builder.Services.TryAddSingleton<RegistrationService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RegistrationService>());
        return builder;
    }
}
