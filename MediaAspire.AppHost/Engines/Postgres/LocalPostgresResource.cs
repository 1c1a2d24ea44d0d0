namespace MediaAspire.AppHost.Engines.Postgres;

/// <summary>A PostgreSQL server that runs as a process of this machine.</summary>
/// <remarks>Consumers get the connection string and the properties of Aspire's <see cref="PostgresServerResource"/>.</remarks>
public sealed class LocalPostgresResource : ExecutableResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>The superuser that initdb creates.</summary>
    internal const string UserName = "postgres";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Describes the server.</summary>
    /// <param name="name">Resource name.</param>
    /// <param name="command">Program to start; it is or becomes the server.</param>
    /// <param name="workingDirectory">Directory to start it in.</param>
    /// <param name="password">The superuser's password.</param>
    public LocalPostgresResource(string name, string command, string workingDirectory, ParameterResource password)
        : base(name, command, workingDirectory)
    {
        ArgumentNullException.ThrowIfNull(password);
        PasswordParameter = password;
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
    }

    /// <summary>The endpoint that the server listens on.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>Gets the resource name and the name of every database.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserName};Password={PasswordParameter}");

    private EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    private EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    internal void AddDatabase(string name, string databaseName) => _databases.Add(name, databaseName);

    internal ReferenceExpression Uri(string? databaseName = null) =>
        databaseName is null
            ? ReferenceExpression.Create($"postgresql://{UserName}:{PasswordParameter:uri}@{Host}:{Port}")
            : ReferenceExpression.Create($"postgresql://{UserName}:{PasswordParameter:uri}@{Host}:{Port}/{databaseName:uri}");

    internal ReferenceExpression JdbcConnectionString(string? databaseName = null) =>
        databaseName is null
            ? ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}")
            : ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}/{databaseName:uri}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", ReferenceExpression.Create($"{UserName}")),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", Uri()),
        new("JdbcConnectionString", JdbcConnectionString()),
    ];
}
