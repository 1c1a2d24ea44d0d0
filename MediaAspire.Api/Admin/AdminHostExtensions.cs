using MediaAspire.Core.Duties;
using MediaAspire.Core.NodeAdministration;
using MediaAspire.Core.Notifications;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Admin;

internal static class AdminHostExtensions
{
    /// <summary>
    /// Adds what the admin routes need; pairs with <see cref="AdminEndpoints.MapAdmin"/>; needs the cluster and the file store.
    /// </summary>
    public static IHostApplicationBuilder AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.AddQuotas();
        builder.AddNotificationSettings();
        builder.Services.TryAddSingleton<NodeAdministrator>();
        builder.Services.TryAddSingleton<NodeTrash>();
        builder.Services.TryAddSingleton<CollectionPermits>();
        builder.Services.TryAddSingleton<DutyQueries>();
        builder.Services.TryAddSingleton<NodeQueries>();

        return builder;
    }
}
