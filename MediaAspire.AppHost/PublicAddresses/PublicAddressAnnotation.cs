namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Marks a resource whose endpoint is printed when the graph is healthy.</summary>
/// <param name="EndpointName">The endpoint.</param>
/// <param name="Name">The name on the printed line.</param>
internal sealed record PublicAddressAnnotation(string EndpointName, string Name) : IResourceAnnotation;

/// <summary>Marks a resource with a value that is printed after its addresses, such as a key.</summary>
/// <param name="Name">The name on the printed line.</param>
/// <param name="Value">The value, without spaces.</param>
internal sealed record PublicValueAnnotation(string Name, IValueProvider Value) : IResourceAnnotation;

/// <summary>Marks a resource with a secret that is printed after its addresses, or its file instead of it.</summary>
/// <param name="Name">The name on the printed line.</param>
/// <param name="Parameter">The secret.</param>
internal sealed record PublicSecretAnnotation(string Name, ParameterResource Parameter) : IResourceAnnotation;
