using MediaAspire.Core.Integrity;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Integrity;

internal static class IntegrityHostExtensions
{
    /// <summary>Adds the duty that finds chunks with too few copies; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddIntegrity(this IHostApplicationBuilder builder)
    {
        builder.AddIntegrityReport();
        builder.Services.AddOptionsWithValidateOnStart<IntegrityOptions, IntegrityOptionsValidator>()
            .BindConfiguration(IntegrityOptions.SectionName);
        builder.Services.TryAddSingleton<IntegrityMetrics>();
        builder.Services.AddDuty<IntegrityDuty>();
        return builder;
    }
}
