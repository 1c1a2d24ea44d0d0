using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Signing;

public static class SigningHostExtensions
{
    /// <summary>Adds signed addresses of images.</summary>
    public static IHostApplicationBuilder AddSignedUrls(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<SigningOptions, SigningOptionsValidator>().BindConfiguration(SigningOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SigningOptions>, SigningOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<UrlSignatures>();

        return builder;
    }
}
