using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.ServiceDefaults;

/// <summary>Resolves addresses such as <c>https+http://api</c> by the settings that the AppHost passes.</summary>
public static class DiscoveryExtensions
{
    public static TBuilder AddDiscovery<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());

        return builder;
    }
}
