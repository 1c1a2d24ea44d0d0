namespace MediaAspire.AppHost.Engines.Redis;

/// <summary>A Redis server that runs as a process of this machine.</summary>
/// <remarks>Consumers get the connection string and the properties of Aspire's <see cref="RedisResource"/>.</remarks>
public sealed class LocalRedisResource : ExecutableResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Describes the server.</summary>
    /// <param name="name">Resource name.</param>
    /// <param name="command">Program to start; it is or becomes the server.</param>
    /// <param name="workingDirectory">Directory to start it in.</param>
    /// <param name="password">The password of the default user.</param>
    public LocalRedisResource(string name, string command, string workingDirectory, ParameterResource password)
        : base(name, command, workingDirectory)
    {
        ArgumentNullException.ThrowIfNull(password);
        PasswordParameter = password;
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
    }

    /// <summary>The endpoint that the server listens on.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password of the default user.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter}");

    private EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    private EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", ReferenceExpression.Create($"redis://:{PasswordParameter:uri}@{Host}:{Port}")),
    ];
}
