using MediaAspire.Core.Database;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Checks of a server's settings, as a process in production makes them unless another environment is given.</summary>
internal static class SettingsChecks
{
    public static PostgresSettingsCheck Create(
        NpgsqlDataSource database,
        bool isAllowed = false,
        int totalConnections = 0,
        string? environment = null,
        Lifetime? lifetime = null,
        ILogger<PostgresSettingsCheck>? logger = null) => new(
            database,
            Options.Create(new DatabaseOptions { AllowUnsafeSettings = isAllowed, TotalConnections = totalConnections }),
            new HostEnvironment(environment ?? Environments.Production),
            lifetime ?? new Lifetime(),
            TimeProvider.System,
            logger ?? NullLogger<PostgresSettingsCheck>.Instance);

    /// <summary>The environment of a process.</summary>
    public sealed class HostEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }

    /// <summary>The lifetime of a process, which records that it is to end.</summary>
    public sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopping => _stopping.Task;

        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.TrySetResult();
    }
}
