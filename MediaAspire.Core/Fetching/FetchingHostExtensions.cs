using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Fetching;

public static class FetchingHostExtensions
{
    /// <summary>Adds the rules for addresses, which refuse most wrong ones without a connection.</summary>
    public static IHostApplicationBuilder AddUrlRules(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<FetchingOptions, FetchingOptionsValidator>()
            .BindConfiguration(FetchingOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FetchingOptions>, FetchingListsValidator>());
        builder.Services.TryAddSingleton<UrlRules>();
        return builder;
    }

    /// <summary>Adds <see cref="RemoteFetcher"/>. Only workers fetch.</summary>
    public static IHostApplicationBuilder AddRemoteFetcher(this IHostApplicationBuilder builder)
    {
        builder.AddUrlRules();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<AddressRules>();
        builder.Services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        builder.Services.TryAddSingleton(services => new RemoteFetcher(
            services.GetRequiredService<UrlRules>(),
            services.GetRequiredService<AddressRules>(),
            services.GetRequiredService<IHostResolver>(),
            services.GetRequiredService<IOptions<FetchingOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RemoteFetcher>>()));

        return builder;
    }
}
