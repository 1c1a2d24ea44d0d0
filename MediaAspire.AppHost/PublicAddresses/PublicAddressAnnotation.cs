namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Marks a resource whose endpoint is told to whoever started the graph.</summary>
/// <param name="EndpointName">The endpoint.</param>
internal sealed record PublicAddressAnnotation(string EndpointName) : IResourceAnnotation;
