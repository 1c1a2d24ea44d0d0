namespace MediaAspire.Api.Console;

/// <param name="Key">An API key.</param>
internal sealed record SignInRequest(string? Key);

/// <param name="Name">The name of the key or of the person.</param>
/// <param name="Owner">The owner whose data alone the session sees; null for an operator.</param>
/// <param name="Scopes">The names of the scopes that the session has.</param>
/// <param name="ExpiresAt">The time at which the session ends; null without a session, where the server needs no key.</param>
/// <param name="Administration">Whether this address serves the routes for operators, and the session may use them.</param>
/// <param name="SignIn">The ways to sign in.</param>
internal sealed record SessionResponse(
    string Name, string? Owner, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, bool Administration, SignInResponse SignIn);

/// <param name="OpenIdConnect">The OpenID Connect server; null when the settings name none.</param>
internal sealed record SignInResponse(OpenIdConnectResponse? OpenIdConnect);

/// <param name="Name">The name of the server, for people.</param>
/// <param name="Address">The path that begins the sign-in.</param>
internal sealed record OpenIdConnectResponse(string Name, string Address);
