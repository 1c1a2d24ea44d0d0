using MediaAspire.Core.Images.Retention;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Retention;

internal static class RetentionHostExtensions
{
    /// <summary>Adds the duty that removes variants; needs variants, jobs and duties.</summary>
    public static IHostApplicationBuilder AddRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<VariantRetention>();
        builder.Services.AddDuty<VariantRetentionDuty>();

        return builder;
    }
}
