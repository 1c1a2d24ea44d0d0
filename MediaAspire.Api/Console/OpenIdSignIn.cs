using System.Text;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Console.OpenId;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Audit;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace MediaAspire.Api.Console;

/// <summary>The sign-in with an OpenID Connect server: code flow with PKCE, state and nonce.</summary>
internal static partial class OpenIdSignIn
{
    public const string Path = "/console/openid";

    private const string SchemeName = "ConsoleOpenIdConnect";
    private const string CallbackPath = Path + "/callback";
    private const string Home = "/console";

    /// <summary>Adds the scheme where the settings name a server. Without one, requests cost nothing more.</summary>
    public static void AddOpenIdSignIn(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<OpenIdOptions>().BindConfiguration(OpenIdOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OpenIdOptions>, OpenIdOptionsValidator>());
        if (string.IsNullOrEmpty(builder.Configuration[$"{OpenIdOptions.SectionName}:{nameof(OpenIdOptions.Authority)}"]))
        {
            return;
        }

        builder.Services.AddAuthentication().AddOpenIdConnect(SchemeName, _ => { });
        builder.Services.AddOptions<OpenIdConnectOptions>(SchemeName)
            .Configure<IOptions<OpenIdOptions>, IOptions<ClusterOptions>>((scheme, settings, cluster) =>
                Configure(scheme, settings.Value, cluster.Value));
    }

    /// <summary>Maps the route that begins the sign-in.</summary>
    public static void MapOpenIdSignIn(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("").WithTags("Console").WithAuditedProblems()
            .MapGet(Path, Begin).WithName("BeginOpenIdSignIn").AllowAnonymous().ExcludeFromDescription();

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Begin(
        HttpContext http, IOptions<OpenIdOptions> options, ILogger<OpenIdOptions> logger)
    {
        if (!options.Value.IsConfigured)
        {
            return ConsoleErrors.NoOpenId();
        }

        try
        {
            await http.ChallengeAsync(SchemeName, new AuthenticationProperties { RedirectUri = Home });
            return TypedResults.Empty;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or HttpRequestException)
        {
            // The discovery document could not be read.
            LogUnavailable(logger, failure, options.Value.Authority!);
            return ConsoleErrors.OpenIdUnavailable();
        }
    }

    private static void Configure(OpenIdConnectOptions scheme, OpenIdOptions settings, ClusterOptions cluster)
    {
        scheme.Authority = settings.Authority;
        scheme.RequireHttpsMetadata = new Uri(settings.Authority!).Scheme == Uri.UriSchemeHttps;
        scheme.ClientId = settings.ClientId;
        scheme.ClientSecret = settings.ClientSecret;
        scheme.CallbackPath = CallbackPath;
        scheme.ResponseType = OpenIdConnectResponseType.Code;
        scheme.UsePkce = true;
        scheme.MapInboundClaims = false;

        // By a redirect: a form of the other site would be a cross-site request.
        scheme.ResponseMode = OpenIdConnectResponseMode.Query;
        foreach (var cookie in new[] { scheme.CorrelationCookie, scheme.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        foreach (var scope in settings.Scopes)
        {
            scheme.Scope.Add(scope);
        }

        scheme.DataProtectionProvider = new ClusterDataProtection(Encoding.UTF8.GetBytes(cluster.Token));
        scheme.Events.OnTicketReceived = ReceiveAsync;
        scheme.Events.OnRemoteFailure = FailAsync;
    }

    private static async Task ReceiveAsync(TicketReceivedContext received)
    {
        var http = received.HttpContext;
        var services = http.RequestServices;
        var options = services.GetRequiredService<IOptions<OpenIdOptions>>().Value;
        received.HandleResponse();
        var details = http.GetAuditDetails();
        details.Action = "SignIn";
        if (OpenIdGrants.Find(options, received.Principal!) is not { } person)
        {
            Refuse(http, ConsoleErrors.NoGrant());
            return;
        }

        if (person.Owner is { } owner)
        {
            await services.GetRequiredService<OwnerStore>().EnsureAsync(owner, owner.Value, http.RequestAborted);
        }

        http.SetCaller(SessionCallers.Of(person));
        await services.GetRequiredService<SessionSignIn>().StartAsync(http, person, http.RequestAborted);
        http.Response.Redirect(Home);
    }

    // A person who declined, a reply that was changed, or one without the cookie of its request.
    private static Task FailAsync(RemoteFailureContext failed)
    {
        var http = failed.HttpContext;
        LogFailed(http.RequestServices.GetRequiredService<ILogger<OpenIdOptions>>(), failed.Failure);
        failed.HandleResponse();
        http.GetAuditDetails().Action = "SignIn";
        Refuse(http, ConsoleErrors.OpenIdFailed());
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext http, ProblemHttpResult problem)
    {
        http.SetProblem(problem);
        http.GetAuditDetails().Outcome = AuditOutcome.Refused;
        http.Response.Redirect($"{Home}?problem={http.GetProblemCode()}");
    }

    [LoggerMessage(LogLevel.Warning, "The OpenID Connect server {Authority} did not respond as expected")]
    private static partial void LogUnavailable(ILogger logger, Exception failure, string authority);

    [LoggerMessage(LogLevel.Information, "A sign-in with OpenID Connect failed")]
    private static partial void LogFailed(ILogger logger, Exception? failure);
}
