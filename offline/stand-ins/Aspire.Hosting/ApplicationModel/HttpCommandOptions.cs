namespace Aspire.Hosting.ApplicationModel;

/// <summary>Options of a command that sends an HTTP request to the resource.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Gets or sets what chooses the endpoint; null takes the one that the caller names.</summary>
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>Gets or sets the name of the HTTP client to use; null takes the default one.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>Gets or sets the method.</summary>
    /// <value>The default is POST.</value>
    public HttpMethod? Method { get; set; }

    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Gets or sets what makes a result of the response; null takes any 2xx as success.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }
}

/// <summary>An HTTP command's request before it is sent.</summary>
public sealed class HttpCommandRequestContext
{
    public required IServiceProvider Services { get; init; }

    public required string ResourceName { get; init; }

    public required EndpointReference Endpoint { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required HttpClient HttpClient { get; init; }

    public required HttpRequestMessage Request { get; init; }
}

/// <summary>An HTTP command's response.</summary>
public sealed class HttpCommandResultContext
{
    public required IServiceProvider Services { get; init; }

    public required string ResourceName { get; init; }

    public required EndpointReference Endpoint { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public required HttpClient HttpClient { get; init; }

    public required HttpResponseMessage Response { get; init; }
}
