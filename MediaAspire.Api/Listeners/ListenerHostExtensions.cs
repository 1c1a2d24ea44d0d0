using MediaAspire.Api.Problems;
using MediaAspire.ServiceDefaults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Listeners;

internal static partial class ListenerHostExtensions
{
    /// <summary>
    /// Adds the rules by which requests are assigned to listeners and refused before any route sees them; needs API keys for
    /// <see cref="IDiagnosticsAccess"/>.
    /// </summary>
    public static IHostApplicationBuilder AddListeners(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<AdminOptions, AdminOptionsValidator>().BindConfiguration(AdminOptions.SectionName);
        builder.Services.TryAddSingleton<AdminListener>();
        builder.Services.TryAddSingleton<IDiagnosticsAccess, AdminDiagnosticsAccess>();
        builder.Services.AddPortCheck(
            $"{AdminOptions.SectionName}:{nameof(AdminOptions.Port)}",
            services => services.GetRequiredService<IOptions<AdminOptions>>().Value.Port);

        builder.Services.AddOptionsWithValidateOnStart<ProxyOptions, ProxyOptionsValidator>().BindConfiguration(ProxyOptions.SectionName);

        // HostFilter reads the same setting, and knows more names that are safe.
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);
        builder.Services.TryAddSingleton<HostFilter>();

        return builder;
    }

    /// <summary>Stops the process if it does not listen on a port that is configured.</summary>
    /// <param name="services">The services.</param>
    /// <param name="setting">The setting that holds the port.</param>
    /// <param name="port">Gets the port; <see langword="null"/> for no check.</param>
    public static IServiceCollection AddPortCheck(this IServiceCollection services, string setting, Func<IServiceProvider, int?> port) =>
        services.AddSingleton<IHostedService>(provider => new PortCheck(provider.GetRequiredService<IServer>(), setting, port(provider)));

    /// <summary>
    /// Refuses requests with a foreign Host and cross-site requests, and serves the routes for operators on their listener only. Must come
    /// after the middleware that writes problem documents, and before routing.
    /// </summary>
    public static IApplicationBuilder UseListeners(this IApplicationBuilder app)
    {
        var admin = app.ApplicationServices.GetRequiredService<AdminListener>();
        if (!admin.Exists)
        {
            var logger = app.ApplicationServices.GetRequiredService<ILogger<AdminListener>>();
            LogNoAdminListener(logger, string.Join(", ", AdminListener.Paths));
        }

        var hosts = app.ApplicationServices.GetRequiredService<HostFilter>();
        app.Use((context, next) =>
        {
            SecurityHeaders.AddTo(context);
            if (!hosts.Allows(context.Request.Host))
            {
                return ListenerErrors.HostNotAllowed(context.Request.Host).WriteAsync(context);
            }

            if (CrossSiteRequests.IsOne(context.Request))
            {
                return ListenerErrors.CrossSiteRequest().WriteAsync(context);
            }

            if (AdminListener.Owns(context.Request.Path) && !admin.Received(context))
            {
                // As an unknown route: without an endpoint, the problem document follows from the status.
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            return next(context);
        });

        return app;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Paths} are not served, because Admin:Port is not set. Set it to a port that is not public, and add http://*:PORT to "
            + "ASPNETCORE_URLS.")]
    private static partial void LogNoAdminListener(ILogger logger, string paths);
}
