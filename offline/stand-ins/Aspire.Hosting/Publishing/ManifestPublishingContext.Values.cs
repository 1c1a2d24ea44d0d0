using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <content>Environment variables, arguments, and the expressions in them.</content>
public sealed partial class ManifestPublishingContext
{
    /// <summary>Every name in the manifest, so that encodings can get one of their own.</summary>
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What values refer to, in the order in which it was met.</summary>
    private readonly List<IResource> _referenced = [];

    /// <summary>The encodings wanted of each parameter, and the entries that stand for them.</summary>
    private readonly Dictionary<ParameterResource, Dictionary<string, string>> _encodings = [];

    private readonly HashSet<object> _visiting = new(ReferenceEqualityComparer.Instance);

    /// <summary>Writes the environment variables that the resource's callbacks give it.</summary>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var context = new EnvironmentCallbackContext(ExecutionContext, resource, cancellationToken: CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        if (context.EnvironmentVariables.Count == 0)
        {
            return;
        }

        Writer.WriteStartObject("env");
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            Writer.WriteString(name, Express(value));
            TryAddDependentResources(value);
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the command-line arguments that the resource's callbacks give it.</summary>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var context = new CommandLineArgsCallbackContext([], resource, CancellationToken) { ExecutionContext = ExecutionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        if (context.Args.Count == 0)
        {
            return;
        }

        Writer.WriteStartArray("args");
        foreach (var value in context.Args)
        {
            Writer.WriteStringValue(Express(value));
            TryAddDependentResources(value);
        }

        Writer.WriteEndArray();
    }

    /// <summary>Makes sure that the resources that a value refers to are in the manifest.</summary>
    /// <param name="value">The value; one that refers to nothing is ignored.</param>
    public void TryAddDependentResources(object? value)
    {
        if (value is IResource resource)
        {
            if (!_referenced.Exists(known => string.Equals(known.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            {
                _referenced.Add(resource);
                _names.Add(resource.Name);
            }
        }
        else if (value is IValueWithReferences { References: var references } && _visiting.Add(value))
        {
            // Values may refer to one another in a circle.
            foreach (var reference in references)
            {
                TryAddDependentResources(reference);
            }

            _visiting.Remove(value);
        }
    }

    private string? Express(object? value) => value switch
    {
        string text => text,
        ReferenceExpression expression => Express(expression),
        IManifestExpressionProvider provider => provider.ValueExpression,
        IResourceBuilder<IResource> { Resource: IManifestExpressionProvider provider } => provider.ValueExpression,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private string Express(ReferenceExpression expression)
    {
        if (expression.IsConditional)
        {
            return expression.ValueExpression;
        }

        var parts = new object[expression.ValueProviders.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = expression.StringFormats[i] is { Length: > 0 } encoding && ParameterOf(expression.ValueProviders[i]) is { } parameter
                ? $"{{{NameOfEncoding(parameter, encoding)}.value}}"
                : expression.ManifestExpressions[i];
        }

        return string.Format(CultureInfo.InvariantCulture, expression.Format, parts);
    }

    private static ParameterResource? ParameterOf(IValueProvider provider) => provider switch
    {
        ParameterResource parameter => parameter,
        ReferenceExpression { Format: "{0}", ValueProviders: [ParameterResource parameter] } => parameter,
        _ => null,
    };

    private string NameOfEncoding(ParameterResource parameter, string encoding)
    {
        if (!_encodings.TryGetValue(parameter, out var names))
        {
            _encodings[parameter] = names = new(StringComparer.Ordinal);
        }

        if (!names.TryGetValue(encoding, out var name))
        {
            var wanted = $"{parameter.Name}-{encoding.ToLowerInvariant()}-encoded";
            name = wanted;
            for (var suffix = 1; !_names.Add(name); suffix++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{suffix}");
            }

            names[encoding] = name;
        }

        return name;
    }

    private void WriteEncodings(ParameterResource parameter)
    {
        if (!_encodings.Remove(parameter, out var names))
        {
            return;
        }

        foreach (var (encoding, name) in names)
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "annotated.string");
            Writer.WriteString("value", parameter.ValueExpression);
            Writer.WriteString("filter", encoding);
            Writer.WriteEndObject();
        }
    }
}
