namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Marks a resource whose endpoint is told to whoever started the graph.</summary>
/// <param name="EndpointName">The endpoint.</param>
/// <param name="Name">What the line calls it.</param>
internal sealed record PublicAddressAnnotation(string EndpointName, string Name) : IResourceAnnotation;

/// <summary>Marks a resource with a value that whoever started the graph needs besides its addresses.</summary>
/// <param name="Name">What the line calls it.</param>
/// <param name="Value">The value, without spaces.</param>
internal sealed record PublicValueAnnotation(string Name, IValueProvider Value) : IResourceAnnotation;
