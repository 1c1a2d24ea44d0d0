using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Audit;

public static class AuditHostExtensions
{
    /// <summary>Adds <see cref="AuditLog"/> and <see cref="AuditStore"/>; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddAuditLog(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(AuditLog)))
        {
            return builder;
        }

        builder.Services.AddMetrics();
        builder.Services.AddOptionsWithValidateOnStart<AuditOptions, AuditOptionsValidator>().BindConfiguration(AuditOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<AuditMetrics>();
        builder.Services.TryAddSingleton<AuditStore>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AuditLog>());
        return builder;
    }
}
