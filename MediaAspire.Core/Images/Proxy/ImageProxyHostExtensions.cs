using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Proxy;

public static class ImageProxyHostExtensions
{
    /// <summary>Adds the proxied addresses; needs the repository of images.</summary>
    public static IHostApplicationBuilder AddImageProxies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ProxyOptions, ProxyOptionsValidator>().BindConfiguration(ProxyOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProxyOptions>, ProxyTimesValidator>());
        builder.Services.TryAddSingleton<ImageProxies>();

        return builder;
    }
}
