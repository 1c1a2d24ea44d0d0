using System.Security.Claims;
using System.Security.Cryptography;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace MediaAspire.Tests.Api.Console;

/// <summary>An OpenID Connect server (OpenIddict) at which one person is signed in.</summary>
internal sealed class OpenIdServer : IAsyncDisposable
{
    public const string ClientId = "mediaaspire";
    public const string ClientSecret = "the secret of the client";

    // Of all servers of this process: making one takes long.
    private static readonly RsaSecurityKey s_key = new(RSA.Create(2048));

    private readonly WebApplication _app;

    private OpenIdServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Gets the claims of the person, beside the subject.</summary>
    public List<(string Name, string Value)> Claims { get; } = [];

    /// <summary>Gets the last request to authorize.</summary>
    public OpenIddictRequest? Asked { get; private set; }

    public static async Task<OpenIdServer> StartAsync(string redirectUri)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{FreePorts.Next()}");
        OpenIdServer? server = null;
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.RegisterScopes(OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.Profile);
            options.AddEncryptionKey(s_key).AddSigningKey(s_key);

            // Without a database of clients: the events below know the only one.
            options.EnableDegradedMode();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.RedirectUri != redirectUri)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient, "The client or its address is unknown.");
                }

                return ValueTask.CompletedTask;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient, "The secret is wrong.");
                }

                return ValueTask.CompletedTask;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                server!.Asked = context.Request;
                context.SignIn(server.PersonOf(context.Request));
                return ValueTask.CompletedTask;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        server = new(app);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private ClaimsPrincipal PersonOf(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("test");
        identity.AddClaim(new Claim(OpenIddictConstants.Claims.Subject, "person-7"));
        identity.AddClaims(Claims.Select(claim => new Claim(claim.Name, claim.Value)));
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        return new(identity);
    }
}
