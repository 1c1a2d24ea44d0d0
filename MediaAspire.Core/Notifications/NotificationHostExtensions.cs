using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Notifications;

public static class NotificationHostExtensions
{
    /// <summary>Adds the settings of notifications and <see cref="NotificationQueries"/>; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddNotificationSettings(this IHostApplicationBuilder builder)
    {
        // Binding twice would add the elements of lists twice.
        if (builder.Services.Any(service => service.ServiceType == typeof(NotificationQueries)))
        {
            return builder;
        }

        builder.Services.AddOptionsWithValidateOnStart<NotificationOptions, NotificationOptionsValidator>()
            .BindConfiguration(NotificationOptions.SectionName);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<NotificationOptions>, NotificationOptionsCustomValidator>());
        builder.Services.AddSingleton<NotificationQueries>();

        return builder;
    }
}
