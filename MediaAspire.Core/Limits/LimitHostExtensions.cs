using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Limits;

public static class LimitHostExtensions
{
    /// <summary>Adds the rates that all processes share, and the limits of keys; needs Redis and an <c>NpgsqlDataSource</c>.</summary>
    public static TBuilder AddRateLimits<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptionsWithValidateOnStart<LimitOptions, LimitOptionsValidator>().BindConfiguration(LimitOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<LimitMetrics>();
        builder.Services.TryAddSingleton<ITokenSource, RedisTokenSource>();
        builder.Services.TryAddSingleton(services => new SharedRateLimiter(
            services.GetRequiredService<ITokenSource>(),
            services.GetRequiredService<LimitMetrics>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SharedRateLimiter>>()));
        builder.Services.TryAddSingleton<FailedAuthentications>();
        builder.Services.TryAddSingleton<KeyLimitStore>();
        builder.Services.TryAddSingleton<KeyLimitSnapshot>();

        return builder;
    }
}
