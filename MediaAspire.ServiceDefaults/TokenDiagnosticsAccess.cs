using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.ServiceDefaults;

/// <summary>Gives access to the requests that present one of the tokens: <c>Authorization: Bearer TOKEN</c>.</summary>
/// <param name="tokens">The tokens; empty ones are left out.</param>
internal sealed class TokenDiagnosticsAccess(IEnumerable<string> tokens) : IDiagnosticsAccess
{
    private const string Scheme = "Bearer ";

    private readonly byte[][] _expected =
        [.. tokens.Where(token => token.Length > 0).Select(token => SHA256.HashData(Encoding.UTF8.GetBytes(token)))];

    public ValueTask<bool> AllowsAsync(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ValueTask.FromResult(false);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..]));
        return ValueTask.FromResult(Array.Exists(_expected, expected => CryptographicOperations.FixedTimeEquals(hash, expected)));
    }
}

/// <summary>Adds access by tokens.</summary>
public static class TokenDiagnosticsAccessExtensions
{
    /// <summary>Lets requests with a token read the metrics and the details of health of this process.</summary>
    /// <typeparam name="TOptions">The options that hold the tokens.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="tokens">Gets the tokens; empty ones are left out.</param>
    public static IHostApplicationBuilder AddDiagnosticsToken<TOptions>(
        this IHostApplicationBuilder builder, Func<TOptions, string[]> tokens)
        where TOptions : class
    {
        builder.Services.AddSingleton<IDiagnosticsAccess>(
            services => new TokenDiagnosticsAccess(tokens(services.GetRequiredService<IOptions<TOptions>>().Value)));
        return builder;
    }
}
