using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost;

/// <summary>A description of the AppHost's graph, without building it, because a built graph starts.</summary>
internal sealed class GraphModel : IAsyncDisposable
{
    private const string DataDirectory = "--Data:Directory=";

    private readonly IDistributedApplicationTestingBuilder _builder;

    private GraphModel(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    /// <summary>Describes a graph, with a data directory of its own unless one is given: the usual one remembers its engines.</summary>
    public static async Task<GraphModel> DescribeAsync(params string[] arguments)
    {
        var hasDirectory = arguments.Any(argument => argument.StartsWith(DataDirectory, StringComparison.Ordinal));
        return new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.MediaAspire_AppHost>(
            hasDirectory ? arguments : [.. arguments, DataDirectory + DataDirectories.CreateForRun()]));
    }

    public IResource this[string name] => _builder.Resources.Single(resource => resource.Name == name);

    public bool Has(string name) => _builder.Resources.Any(resource => resource.Name == name);

    /// <summary>Environment variables, with deferred values as the expressions that a manifest would hold.</summary>
    public async Task<Dictionary<string, string>> EnvironmentAsync(string name)
    {
        // As for publishing, which omits the telemetry settings: they name the running dashboard.
        var publishing = new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish);
        var context = new EnvironmentCallbackContext(publishing, this[name]);
        foreach (var annotation in this[name].Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(pair => pair.Key, pair => Expression(pair.Value));
    }

    /// <summary>Arguments, with deferred values as the expressions that a manifest would hold.</summary>
    public async Task<IReadOnlyList<string>> ArgumentsAsync(string name)
    {
        var context = new CommandLineArgsCallbackContext([], this[name]) { ExecutionContext = _builder.ExecutionContext };
        foreach (var annotation in this[name].Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }

        return [.. context.Args.Select(Expression)];
    }

    public IEnumerable<string> WaitsFor(string name, WaitType type) =>
        this[name].Annotations.OfType<WaitAnnotation>().Where(wait => wait.WaitType == type).Select(wait => wait.Resource.Name);

    public IEnumerable<string> HealthChecks(string name) =>
        this[name].Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key);

    public EndpointAnnotation Endpoint(string name, string endpointName) =>
        this[name].Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == endpointName);

    public async ValueTask DisposeAsync() => await _builder.DisposeAsync();

    private static string Expression(object value) => value switch
    {
        string text => text,
        IManifestExpressionProvider expression => expression.ValueExpression,
        _ => value.ToString() ?? "",
    };
}
