using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Imgproxy;

public static class ImgproxyHostExtensions
{
    /// <summary>Adds addresses in imgproxy's form.</summary>
    public static IHostApplicationBuilder AddImgproxy(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<ImgproxyOptions, ImgproxyOptionsValidator>().BindConfiguration(ImgproxyOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ImgproxyOptions>, ImgproxyOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ImgproxySignatures>();
        services.TryAddSingleton<ImgproxyParser>();

        return builder;
    }
}
