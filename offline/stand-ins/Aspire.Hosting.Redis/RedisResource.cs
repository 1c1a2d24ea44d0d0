namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server in a container.</summary>
/// <param name="name">The name of the resource.</param>
public class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string StandardScheme = "redis";

    private EndpointReference? _primaryEndpoint;

    /// <summary>Creates a server that asks for a password.</summary>
    /// <param name="name">The name of the resource.</param>
    /// <param name="password">The password.</param>
    public RedisResource(string name, ParameterResource password)
        : this(name)
    {
        PasswordParameter = password;

        // The password reaches the command line through a variable that the shell expands.
        ShellExecution = true;
    }

    /// <summary>Gets the endpoint on which the server listens.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new EndpointReference(this, PrimaryEndpointName);

    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>Gets the password, or <see langword="null"/> when the server asks for none.</summary>
    public ParameterResource? PasswordParameter { get; private set; }

    /// <summary>Gets whether the endpoint is encrypted.</summary>
    public bool TlsEnabled => PrimaryEndpoint.TlsEnabled;

    /// <summary>Gets <c>host:port,password=…</c>, with <c>ssl=true</c> when the endpoint is encrypted.</summary>
    public ReferenceExpression ConnectionStringExpression => Redirection is { } other
        ? other.ConnectionStringExpression
        : BuildConnectionString();

    /// <summary>Gets <c>redis://:password@host:port</c>.</summary>
    public ReferenceExpression UriExpression
    {
        get
        {
            var uri = new ReferenceExpressionBuilder();
            uri.Append($"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://");
            if (PasswordParameter is { } password)
            {
                uri.Append($":{password:uri}@");
            }

            uri.Append($"{Host}:{Port}");
            return uri.Build();
        }
    }

    private IResourceWithConnectionString? Redirection =>
        Annotations.OfType<ConnectionStringRedirectAnnotation>().LastOrDefault()?.Resource;

    /// <summary>Resolves the connection string, waiting until the endpoint is allocated.</summary>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        Redirection is { } other
            ? other.GetConnectionStringAsync(cancellationToken)
            : BuildConnectionString().GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        if (PasswordParameter is { } password)
        {
            yield return new("Password", ReferenceExpression.Create($"{password}"));
        }

        yield return new("Uri", UriExpression);
    }

    internal void SetPassword(ParameterResource? password) => PasswordParameter = password;

    private ReferenceExpression BuildConnectionString()
    {
        var text = new ReferenceExpressionBuilder();
        text.Append($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
        if (PasswordParameter is { } password)
        {
            text.Append($",password={password}");
        }

        text.Append($"{PrimaryEndpoint.GetTlsValue(ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty)}");
        return text.Build();
    }
}
