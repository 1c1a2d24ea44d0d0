namespace MediaAspire.AppHost.LocalStack;

/// <summary>A LocalStack container that serves only S3.</summary>
/// <param name="name">Resource name.</param>
public sealed class LocalStackResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string GatewayEndpointName = "gateway";
    internal const int GatewayPort = 4566;

    // LocalStack accepts any credentials; these are from its documentation.
    internal const string AccessKey = "test";
    internal const string SecretKey = "test";
    internal const string Region = "us-east-1";

    private EndpointReference? _gateway;

    /// <summary>The endpoint of the S3 API.</summary>
    public EndpointReference GatewayEndpoint => _gateway ??= new EndpointReference(this, GatewayEndpointName);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"Endpoint={GatewayEndpoint.Property(EndpointProperty.Url)};AccessKey={AccessKey};SecretKey={SecretKey};Region={Region}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Uri", ReferenceExpression.Create($"{GatewayEndpoint.Property(EndpointProperty.Url)}")),
        new("AccessKey", ReferenceExpression.Create($"{AccessKey}")),
        new("SecretKey", ReferenceExpression.Create($"{SecretKey}")),
        new("Region", ReferenceExpression.Create($"{Region}")),
    ];
}
