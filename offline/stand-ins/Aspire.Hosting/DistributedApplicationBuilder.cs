using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Builds an application of resources on the generic host.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> s_switches = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--dcp-cli-path"] = "DcpPublisher:CliPath",
        ["--dcp-container-runtime"] = "DcpPublisher:ContainerRuntime",
        ["--dcp-dashboard-path"] = "DcpPublisher:DashboardPath",
    };

    private readonly DistributedApplicationOptions _options;
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationExecutionContextOptions _executionContextOptions;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;

        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new() };
        settings.Configuration.AddEnvironmentVariables(prefix: "ASPIRE_");

        // Whoever tests an AppHost changes both before anything is built from them.
        BuildEvents.Write(BuildEvents.BuilderConstructing, (options, settings));

        _host = new(settings);
        AppHostDirectory = options.ProjectDirectory ?? _host.Environment.ContentRootPath;
        AddConfiguration();

        _executionContextOptions = ReadOperation(_host.Configuration);
        ExecutionContext = new(_executionContextOptions);
        HostingServices.Add(this, _host, options);

        BuildEvents.Write(BuildEvents.BuilderConstructed, this);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public string AppHostDirectory { get; }

    /// <summary>Gets the directory and name of the AppHost project, which identify the application on this machine.</summary>
    public string AppHostPath => Path.GetFullPath(_options.ProjectName ?? Environment.ApplicationName, AppHostDirectory);

    public Assembly? AppHostAssembly => _options.Assembly;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);

        if (Resources.TryGetByName(resource.Name, out var existing))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type "
                + $"'{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new DistributedApplicationResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        BuildEvents.Write(BuildEvents.ApplicationBuilding, this);

        var duplicate = Resources.GroupBy(resource => resource.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (duplicate is not null)
        {
            throw new DistributedApplicationException($"Multiple resources with the name '{duplicate.Key}'. Resource names are case-insensitive.");
        }

        var application = new DistributedApplication(_host.Build());
        _executionContextOptions.Services = application.Services;
        BuildEvents.Write(BuildEvents.ApplicationBuilt, application);
        return application;
    }

    private static DistributedApplicationExecutionContextOptions ReadOperation(ConfigurationManager configuration)
    {
        var publisher = configuration["Publishing:Publisher"];

        return configuration["AppHost:Operation"]?.ToLowerInvariant() switch
        {
            null when publisher is null => new(DistributedApplicationOperation.Run),
            "run" => new(DistributedApplicationOperation.Run),
            null or "publish" => new(DistributedApplicationOperation.Publish, publisher ?? "manifest"),
            _ => throw new DistributedApplicationException("Invalid operation specified. Valid operations are 'publish' or 'run'."),
        };
    }

    private void AddConfiguration()
    {
        Configuration.AddCommandLine(_options.Args ?? [], s_switches);

        var path = SHA256.HashData(Encoding.UTF8.GetBytes(AppHostPath.ToLowerInvariant()));
        Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AppHost:Directory"] = AppHostDirectory,
            ["AppHost:Path"] = AppHostPath,
            ["AppHost:DashboardApplicationName"] = _options.DashboardApplicationName ?? Environment.ApplicationName,
            ["AppHost:Sha256"] = Convert.ToHexString(path),
            ["AppHost:PathSha256"] = Convert.ToHexString(path),
        });
    }

    /// <summary>The diagnostic events by which tests take hold of an AppHost while it builds itself.</summary>
    private static class BuildEvents
    {
        public const string BuilderConstructing = "DistributedApplicationBuilderConstructing";
        public const string BuilderConstructed = "DistributedApplicationBuilderConstructed";
        public const string ApplicationBuilding = "DistributedApplicationBuilding";
        public const string ApplicationBuilt = "DistributedApplicationBuilt";

        public static void Write(string name, object payload)
        {
            using var listener = new DiagnosticListener("Aspire.Hosting");
            if (listener.IsEnabled(name))
            {
                listener.Write(name, payload);
            }
        }
    }
}
