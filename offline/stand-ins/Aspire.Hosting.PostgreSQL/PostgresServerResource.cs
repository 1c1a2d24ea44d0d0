namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server in a container.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private const string DefaultUserName = "postgres";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a server.</summary>
    /// <param name="name">The name of the resource.</param>
    /// <param name="userName">The administrator's name, or <see langword="null"/> for <c>postgres</c>.</param>
    /// <param name="password">The administrator's password.</param>
    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);

        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
        UserNameParameter = userName;
        PasswordParameter = password;
    }

    /// <summary>Gets the endpoint on which the server listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>Gets or sets the administrator's name; <see langword="null"/> means <c>postgres</c>.</summary>
    public ParameterResource? UserNameParameter { get; set; }

    /// <summary>Gets or sets the administrator's password.</summary>
    public ParameterResource PasswordParameter { get; set; }

    /// <summary>Gets the administrator's name, given or default.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is { } userName
        ? ReferenceExpression.Create($"{userName}")
        : ReferenceExpression.Create($"{DefaultUserName}");

    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>Gets <c>Host=…;Port=…;Username=…;Password=…</c>, which names no database.</summary>
    public ReferenceExpression ConnectionStringExpression => Redirection is { } other
        ? other.ConnectionStringExpression
        : ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

    /// <summary>Gets <c>postgresql://user:password@host:port</c>.</summary>
    public ReferenceExpression UriExpression => BuildUri();

    /// <summary>Gets <c>jdbc:postgresql://host:port</c>, which holds no credentials.</summary>
    public ReferenceExpression JdbcConnectionString => BuildJdbcConnectionString();

    /// <summary>Gets the names of the databases by the names of their resources.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    private IResourceWithConnectionString? Redirection =>
        Annotations.OfType<ConnectionStringRedirectAnnotation>().LastOrDefault()?.Resource;

    /// <summary>Resolves the connection string, waiting until the endpoint is allocated.</summary>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        Redirection is { } other
            ? other.GetConnectionStringAsync(cancellationToken)
            : ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", UserNameReference),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", UriExpression),
        new("JdbcConnectionString", JdbcConnectionString),
    ];

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal ReferenceExpression BuildUri(string? databaseName = null)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("postgresql://");
        if (UserNameParameter is { } userName)
        {
            uri.Append($"{userName:uri}");
        }
        else
        {
            uri.AppendLiteral(DefaultUserName);
        }

        uri.Append($":{PasswordParameter:uri}@{Host}:{Port}");
        AppendPath(uri, databaseName);
        return uri.Build();
    }

    internal ReferenceExpression BuildJdbcConnectionString(string? databaseName = null)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.Append($"jdbc:postgresql://{Host}:{Port}");
        AppendPath(uri, databaseName);
        return uri.Build();
    }

    private static void AppendPath(ReferenceExpressionBuilder uri, string? databaseName)
    {
        if (databaseName is not null)
        {
            uri.Append($"/{databaseName:uri}");
        }
    }
}
