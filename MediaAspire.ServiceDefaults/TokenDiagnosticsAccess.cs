using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.ServiceDefaults;

/// <summary>Gives access to the requests that present a token: <c>Authorization: Bearer TOKEN</c>.</summary>
/// <param name="token">The token; empty to refuse every request.</param>
internal sealed class TokenDiagnosticsAccess(string token) : IDiagnosticsAccess
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public ValueTask<bool> AllowsAsync(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        return ValueTask.FromResult(
            token.Length > 0
            && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..])), _expected));
    }
}

/// <summary>Adds access by a token.</summary>
public static class TokenDiagnosticsAccessExtensions
{
    /// <summary>Lets requests with a token read the metrics and the details of health of this process.</summary>
    /// <typeparam name="TOptions">The options that hold the token.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="token">Gets the token; empty to refuse every request.</param>
    public static IHostApplicationBuilder AddDiagnosticsToken<TOptions>(
        this IHostApplicationBuilder builder, Func<TOptions, string> token)
        where TOptions : class
    {
        builder.Services.AddSingleton<IDiagnosticsAccess>(
            services => new TokenDiagnosticsAccess(token(services.GetRequiredService<IOptions<TOptions>>().Value)));
        return builder;
    }
}
