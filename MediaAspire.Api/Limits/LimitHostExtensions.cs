using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Limits;

internal static class LimitHostExtensions
{
    /// <summary>Adds the limits on senders and bodies; pairs with <see cref="UseLimits"/>; needs Redis and the database.</summary>
    public static IHostApplicationBuilder AddLimits(this IHostApplicationBuilder builder)
    {
        builder.AddRateLimits();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>());
        builder.Services.TryAddSingleton<RequestLimits>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KeyLimitSnapshot>());

        return builder;
    }

    /// <summary>Applies the limits to the REST API. Must come after routing and authentication.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) => app.UseMiddleware<LimitMiddleware>();

    /// <summary>Makes requests to endpoints take a place, because they transfer bytes.</summary>
    public static TBuilder LimitTransfers<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(TransferEndpoint.Mark);
}
