using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string that is made of other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>A connection string that comes from configuration.</summary>
internal sealed class ConnectionStringParameterResource(ParameterResource parameter, string? environmentVariableName)
    : Resource(parameter.Name), IResourceWithConnectionString, IResourceWithoutLifetime
{
    public ParameterResource Parameter { get; } = parameter;

    public string? ConnectionStringEnvironmentVariable { get; } = environmentVariableName;

    public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create($"{parameter}");
}
