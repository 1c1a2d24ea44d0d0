using MediaAspire.Core.Audit;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Audit;

internal static class AuditRetentionHostExtensions
{
    /// <summary>Adds the duty that removes old audit events; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddAuditRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<AuditRetentionOptions, AuditRetentionOptionsValidator>()
            .BindConfiguration(AuditRetentionOptions.SectionName);
        builder.Services.TryAddSingleton<AuditStore>();
        builder.Services.AddDuty<AuditRetentionDuty>();
        return builder;
    }
}
