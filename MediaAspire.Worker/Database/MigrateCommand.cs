using MediaAspire.Core.Database;
using MediaAspire.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Database;

/// <summary>The <c>migrate</c> command: brings the schema up to date and ends. The graph's <c>migrations</c> resource.</summary>
internal static class MigrateCommand
{
    /// <returns>The process's exit code: 0 once the schema is up to date.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddMigrations();
        builder.Services.AddOptionsWithValidateOnStart<MigrateOptions, MigrateOptionsValidator>()
            .BindConfiguration(MigrateOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MigrateOptions>, MigrateOptionsCustomValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<MigrationJob>();

        using var host = builder.Build();
        await host.StartAsync();
        var isUpToDate = await host.Services.GetRequiredService<MigrationJob>()
            .RunAsync(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await host.StopAsync();

        return isUpToDate ? 0 : 1;
    }
}
