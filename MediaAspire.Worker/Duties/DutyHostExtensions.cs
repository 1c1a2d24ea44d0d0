using MediaAspire.Core.Database;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Duties;

internal static class DutyHostExtensions
{
    /// <summary>Adds what every duty needs; needs an NpgsqlDataSource, and the job queue for duties whose items are jobs.</summary>
    public static IHostApplicationBuilder AddDuties(this IHostApplicationBuilder builder)
    {
        builder.AddDatabaseListener();
        builder.Services.AddOptionsWithValidateOnStart<DutyOptions, DutyOptionsValidator>().BindConfiguration(DutyOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DutyLeases>();
        builder.Services.AddSingleton<DutyMetrics>();
        builder.Services.AddSingleton<DutyItems>();
        builder.Services.AddSingleton<DutySignal>();

        return builder;
    }

    /// <summary>Adds a duty, run by one of the workers at a time.</summary>
    public static IServiceCollection AddDuty<TDuty>(this IServiceCollection services)
        where TDuty : class, IDuty
    {
        services.AddSingleton<TDuty>();

        // Not AddHostedService, which takes one service of a type: every duty has a runner of its own.
        services.AddSingleton<IHostedService>(
            provider => ActivatorUtilities.CreateInstance<DutyRunner>(provider, provider.GetRequiredService<TDuty>()));

        return services;
    }
}
