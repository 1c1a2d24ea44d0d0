using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Sessions;

public static class SessionHostExtensions
{
    /// <summary>Adds the sessions of people; needs API keys.</summary>
    public static IHostApplicationBuilder AddSessions(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<SessionStore>();
        builder.Services.TryAddSingleton<SessionVerifier>();

        return builder;
    }
}
