using MediaAspire.Api.Console.Feed;
using MediaAspire.Api.Security;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

internal static class ConsoleHostExtensions
{
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Adds the web console; pairs with <see cref="MapConsole"/>; needs security, listeners, uploads, the object store's settings, and
    /// what the routes for operators need.
    /// </summary>
    public static IHostApplicationBuilder AddConsole(this IHostApplicationBuilder builder)
    {
        builder.AddSessions();
        builder.Services.AddOptionsWithValidateOnStart<ConsoleOptions, ConsoleOptionsValidator>()
            .BindConfiguration(ConsoleOptions.SectionName);
        builder.Services.TryAddSingleton(services =>
            ConsoleFiles.Load(services.GetRequiredService<IOptions<ConsoleOptions>>().Value.Directory));
        builder.Services.TryAddSingleton<SessionSignIn>();
        builder.AddOpenIdSignIn();
        builder.Services.TryAddSingleton<StreamAccess>();
        builder.Services.TryAddSingleton<EventStreamPlaces>();
        builder.Services.TryAddSingleton<ConsoleFeed>();
        builder.Services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IFeedSource, OverviewSource>(),
            ServiceDescriptor.Singleton<IFeedSource, NodesSource>(),
            ServiceDescriptor.Singleton<IFeedSource, JobsSource>(),
            ServiceDescriptor.Singleton<IFeedSource, WorkSource>(),
            ServiceDescriptor.Singleton<IFeedSource, UploadsSource>(),
        ]);
        builder.Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ConsoleSessionHandler>(ConsoleSessionHandler.SchemeName, configureOptions: null);
        builder.Services.AddOptions<AuthenticationSchemeOptions>(ApiKeyHandler.SchemeName)
            .Configure<IOptions<SecurityOptions>>((keys, security) =>
                keys.ForwardDefaultSelector = security.Value.Open ? null : ConsoleSessionHandler.Select);

        return builder;
    }

    /// <summary>Maps <c>/console</c>.</summary>
    public static WebApplication MapConsole(this WebApplication app)
    {
        // The files say nothing about the cluster; what the pages show, they ask the API for.
        app.MapMethods("/console/{**path}", s_reads, static (HttpContext http, ConsoleFiles files) => ConsolePages.SendAsync(http, files))
            .WithName("ReadConsole")
            .ExcludeFromDescription()
            .AllowAnonymous()

            // Made when the endpoints are built: the settings are validated by then.
            .Add(endpoint => endpoint.Metadata.Add(
                ConsolePolicy.Make(app.Services.GetRequiredService<IOptions<ObjectStoreOptions>>())));
        app.MapSession();
        app.MapOpenIdSignIn();
        app.MapEvents();

        return app;
    }
}
