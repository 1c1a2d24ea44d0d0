using MediaAspire.Core.Database;
using MediaAspire.ServiceDefaults;

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

        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<MigrationRunner>()
            .RunAsync(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await host.StopAsync();

        return 0;
    }
}
