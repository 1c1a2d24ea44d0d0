namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Marks a resource whose endpoint is printed when the graph is healthy.</summary>
/// <param name="EndpointName">The endpoint.</param>
/// <param name="Name">The name on the printed line.</param>
/// <param name="Path">The path of a page behind the endpoint; empty for the endpoint itself.</param>
internal sealed record PublicAddressAnnotation(string EndpointName, string Name, string Path) : IResourceAnnotation;

/// <summary>Marks a resource with a value that is printed after its addresses, such as a key.</summary>
/// <param name="Name">The name on the printed line.</param>
/// <param name="Value">The value.</param>
/// <param name="IsSecret">With <c>--no-secrets</c>, the path of its file is printed instead.</param>
internal sealed record PublicValueAnnotation(string Name, IValueProvider Value, bool IsSecret) : IResourceAnnotation;
