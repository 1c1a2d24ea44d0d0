namespace MediaAspire.Api.Listeners;

/// <summary>The content security policy of an endpoint whose responses are pages; metadata of the endpoint.</summary>
/// <remarks>Every other response has the policy that forbids everything.</remarks>
/// <param name="Value">The value of the header <c>Content-Security-Policy</c>.</param>
internal sealed record PagePolicy(string Value);
