using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestrator;

/// <summary>The arguments and environment that a resource starts with.</summary>
internal sealed record ExecutionConfiguration(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Runs the resource's callbacks and waits until every value in them is known.</summary>
    public static async Task<ExecutionConfiguration> ResolveAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        ILogger resourceLogger,
        CancellationToken cancellationToken)
    {
        var context = new ValueProviderContext { ExecutionContext = executionContext, Caller = resource };
        var arguments = new List<string>();

        foreach (var argument in await CollectArgumentsAsync(resource, executionContext, resourceLogger, cancellationToken))
        {
            if (await ResolveAsync(argument, context, cancellationToken) is { } value)
            {
                arguments.Add(value);
            }
        }

        var environment = new Dictionary<string, string>();
        foreach (var (name, variable) in await CollectVariablesAsync(resource, executionContext, resourceLogger, cancellationToken))
        {
            if (await ResolveAsync(variable, context, cancellationToken) is { } value)
            {
                environment[name] = value;
            }
        }

        return new(arguments, environment);
    }

    /// <summary>Resolves one value of a callback; null means that it is left out.</summary>
    public static async ValueTask<string?> ResolveAsync(object value, ValueProviderContext context, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(context, cancellationToken),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(context, cancellationToken),
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static async Task<List<object>> CollectArgumentsAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        ILogger resourceLogger,
        CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken)
        {
            ExecutionContext = executionContext,
            Logger = resourceLogger,
        };

        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return arguments;
    }

    private static async Task<Dictionary<string, object>> CollectVariablesAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        ILogger resourceLogger,
        CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken) { Logger = resourceLogger };

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables;
    }
}
