using MediaAspire.Core.Quotas;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Quotas;

internal static class QuotaHostExtensions
{
    /// <summary>Adds the duty that counts and audits the usage of quotas; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddQuotaDuty(this IHostApplicationBuilder builder)
    {
        builder.AddQuotas();
        builder.Services.AddOptionsWithValidateOnStart<QuotaOptions, QuotaOptionsValidator>().BindConfiguration(QuotaOptions.SectionName);
        builder.Services.TryAddSingleton<QuotaMetrics>();
        builder.Services.AddDuty<QuotaDuty>();

        return builder;
    }
}
