using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Settings;

/// <summary>The settings that shape the graph.</summary>
/// <remarks>Read before any resource exists, so every problem is collected and reported in one exception.</remarks>
internal sealed class AppHostOptions
{
    /// <summary>Most storage nodes that one AppHost starts.</summary>
    public const int MaxStorageNodes = 64;

    /// <summary>Most replicas of one project.</summary>
    public const int MaxReplicas = 32;

    /// <summary>The key of the setting that turns the export of telemetry to the dashboard on or off.</summary>
    internal const string TelemetryExported = "Telemetry:Exported";

    private const string NoDashboard = "--no-dashboard";
    private const string NoSecrets = "--no-secrets";
    private const string SecretsPrintedKey = "Secrets:Printed";

    /// <summary>Gets the way in which PostgreSQL and Redis run (key <c>Engines</c>).</summary>
    /// <value>Default: <see cref="EngineChoice.Auto"/>.</value>
    public EngineChoice Engines { get; private init; }

    /// <summary>Gets the number of chunk nodes (key <c>Storage:Nodes</c>).</summary>
    /// <value>Default: 6.</value>
    public int StorageNodes { get; private init; }

    /// <summary>Gets the number of API processes that share the public address (key <c>Api:Replicas</c>).</summary>
    /// <value>Default: 1.</value>
    public int ApiReplicas { get; private init; }

    /// <summary>Gets the public port of the API (key <c>Api:Port</c>); <see langword="null"/> chooses a free one.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public int? ApiPort { get; private init; }

    /// <summary>Gets the public port of the S3 API (key <c>S3:Port</c>); <see langword="null"/> chooses a free one.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public int? S3Port { get; private init; }

    /// <summary>Gets the port of the API's admin listener (key <c>Admin:Port</c>); <see langword="null"/> chooses a free one.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public int? AdminPort { get; private init; }

    /// <summary>Gets the number of queue workers (key <c>Worker:Replicas</c>).</summary>
    /// <value>Default: 1.</value>
    public int WorkerReplicas { get; private init; }

    /// <summary>Gets the absolute path below which engines and nodes keep their data (key <c>Data:Directory</c>).</summary>
    /// <value>Default: <c>.data</c> in the AppHost's project directory.</value>
    public required string DataDirectory { get; init; }

    /// <summary>Gets a value indicating whether earlier data is deleted first (key <c>Data:Fresh</c>, switch <c>--fresh</c>).</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Fresh { get; private init; }

    /// <summary>
    /// Gets a value indicating whether secrets are printed (key <c>Secrets:Printed</c>, switch <c>--no-secrets</c>), for development.
    /// Otherwise the paths of their files are printed.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool SecretsPrinted { get; private init; }

    /// <summary>Gets a value indicating whether the container set includes LocalStack (key <c>S3:Enabled</c>).</summary>
    /// <remarks>Without LocalStack the graph uses the API's own S3.</remarks>
    /// <value>Default: <see langword="true"/>.</value>
    public bool S3Enabled { get; private init; }

    /// <summary>Gets a value indicating whether a connection string <c>s3</c> names an existing object store.</summary>
    public bool HasS3ConnectionString { get; private init; }

    /// <summary>Reads the options of the AppHost itself from the command line, before any configuration exists.</summary>
    /// <remarks>
    /// The switch <c>--no-dashboard</c> turns the dashboard off, and with it the export of telemetry, which would have no receiver.
    /// <c>--no-secrets</c> also keeps the dashboard's link with its token out of Aspire's own log. Switches become the key and value that
    /// a configuration source understands.
    /// </remarks>
    public static DistributedApplicationOptions ForBuilder(string[] arguments) => new()
    {
        Args = [.. arguments.SelectMany(IEnumerable<string> (argument) => argument switch
        {
            "--fresh" => ["--Data:Fresh=true"],
            NoDashboard => [$"--{TelemetryExported}=false"],
            NoSecrets => [$"--{SecretsPrintedKey}=false", "--AppHost:SuppressDashboardLoginUrlInStartupSummary=true"],
            _ => [argument],
        })],
        DisableDashboard = arguments.Contains(NoDashboard),
    };

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="DistributedApplicationException">One or more settings are out of range; the message lists them all.</exception>
    public static AppHostOptions Read(IConfiguration configuration, string appHostDirectory)
    {
        var errors = new List<string>();
        var options = new AppHostOptions
        {
            Engines = ReadEngines(configuration, errors),
            StorageNodes = ReadInteger(configuration, "Storage:Nodes", 1, MaxStorageNodes, errors) ?? 6,
            ApiReplicas = ReadInteger(configuration, "Api:Replicas", 1, MaxReplicas, errors) ?? 1,
            ApiPort = ReadInteger(configuration, "Api:Port", 1, 65535, errors),
            S3Port = ReadInteger(configuration, "S3:Port", 1, 65535, errors),
            AdminPort = ReadInteger(configuration, "Admin:Port", 1, 65535, errors),
            SecretsPrinted = ReadBoolean(configuration, SecretsPrintedKey, errors) ?? true,
            WorkerReplicas = ReadInteger(configuration, "Worker:Replicas", 1, MaxReplicas, errors) ?? 1,
            DataDirectory = Path.GetFullPath(
                configuration["Data:Directory"] is { Length: > 0 } directory ? directory : ".data", appHostDirectory),
            Fresh = ReadBoolean(configuration, "Data:Fresh", errors) ?? false,
            S3Enabled = ReadBoolean(configuration, "S3:Enabled", errors) ?? true,
            HasS3ConnectionString = !string.IsNullOrEmpty(configuration.GetConnectionString("s3")),
        };

        return errors.Count == 0
            ? options
            : throw new DistributedApplicationException(string.Join(Environment.NewLine, errors));
    }

    private static EngineChoice ReadEngines(IConfiguration configuration, List<string> errors)
    {
        switch (configuration["Engines"]?.ToLowerInvariant())
        {
            case null or "" or "auto":
                return EngineChoice.Auto;
            case "containers":
                return EngineChoice.Containers;
            case "processes":
                return EngineChoice.Processes;
            default:
                errors.Add($"Engines is '{configuration["Engines"]}'. Use auto, containers or processes.");
                return EngineChoice.Auto;
        }
    }

    private static int? ReadInteger(IConfiguration configuration, string key, int minimum, int maximum, List<string> errors)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        errors.Add($"{key} is '{text}'. Use a whole number from {minimum} to {maximum}.");
        return null;
    }

    private static bool? ReadBoolean(IConfiguration configuration, string key, List<string> errors)
    {
        var text = configuration[key];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        errors.Add($"{key} is '{text}'. Use true or false.");
        return null;
    }
}
