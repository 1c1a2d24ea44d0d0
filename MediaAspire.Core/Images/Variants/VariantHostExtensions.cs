using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

public static class VariantHostExtensions
{
    /// <summary>Adds variants of images, which the API and the worker share; needs images and the job queue.</summary>
    public static IHostApplicationBuilder AddVariants(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<VariantOptions, VariantOptionsValidator>().BindConfiguration(VariantOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VariantOptions>, VariantOptionsRules>());
        services.TryAddSingleton<VariantPresets>();
        services.TryAddSingleton<VariantCatalog>();
        services.TryAddSingleton<VariantWork>();
        services.TryAddSingleton<EagerVariants>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IVariantSource, ImageSource>());

        return builder;
    }

    /// <summary>Adds requests for variants that wait until they are made; needs <see cref="AddVariants"/>.</summary>
    public static IHostApplicationBuilder AddVariantRequests(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Services.AddOptionsWithValidateOnStart<TransformationOptions, TransformationOptionsValidator>()
            .BindConfiguration(TransformationOptions.SectionName);
        builder.Services.TryAddSingleton<VariantRequests>();

        return builder;
    }
}
