using MediaAspire.Api.Problems;
using MediaAspire.Core.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Security;

internal static class SecurityHostExtensions
{
    /// <summary>
    /// Adds API keys and the policies of endpoints; pairs with <see cref="UseSecurity"/>; needs an NpgsqlDataSource and limits.
    /// </summary>
    public static IHostApplicationBuilder AddSecurity(this IHostApplicationBuilder builder)
    {
        builder.AddApiKeys();
        builder.Services.AddOptionsWithValidateOnStart<SecurityOptions>().BindConfiguration(SecurityOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>());
        builder.Services.AddHostedService<OpenWarning>();
        builder.Services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization(Policies.AddTo);

        return builder;
    }

    /// <summary>Authenticates and authorizes every request. Must come after routing and before the endpoints.</summary>
    public static IApplicationBuilder UseSecurity(this IApplicationBuilder app)
    {
        if (!app.ApplicationServices.GetRequiredService<IOptions<SecurityOptions>>().Value.Open)
        {
            app.Use(static (context, next) =>
                ApiKeyHeaders.IsInQuery(context.Request) ? SecurityErrors.KeyInUrl().WriteAsync(context) : next(context));
        }

        app.UseAuthentication();
        app.UseAuthorization();

        return app;
    }
}
