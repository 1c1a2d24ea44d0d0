using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images.Retention;

public static class AccessTimesHostExtensions
{
    /// <summary>Adds the writing of the times of reads; needs the database and the settings of variants.</summary>
    public static IHostApplicationBuilder AddAccessTimes(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        if (builder.Services.All(service => service.ServiceType != typeof(AccessTimes)))
        {
            builder.Services.AddSingleton<AccessTimes>();
            builder.Services.AddHostedService(services => services.GetRequiredService<AccessTimes>());
        }

        return builder;
    }
}
