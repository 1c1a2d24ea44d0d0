using System.Text;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.Buckets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3;

internal static class S3HostExtensions
{
    /// <summary>Adds the S3 API; pairs with <see cref="UseS3"/>.</summary>
    public static IHostApplicationBuilder AddS3(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<S3Options, S3OptionsValidator>().BindConfiguration(S3Options.SectionName);

        // The user's metadata goes back byte by byte as it came, whatever its encoding is.
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.RequestHeaderEncodingSelector = name => IsMetadata(name) ? Encoding.Latin1 : null;
            kestrel.ResponseHeaderEncodingSelector = name => IsMetadata(name) ? Encoding.Latin1 : Encoding.UTF8;
        });

        builder.AddBuckets();
        builder.AddS3Signing();
        builder.Services.TryAddSingleton<S3Router>();
        builder.Services.TryAddSingleton<S3ErrorWriter>();
        builder.Services.TryAddSingleton<S3Dispatcher>();
        builder.Services.TryAddSingleton<IS3Authorizer, OwnerAuthorizer>();
        builder.Services.AddS3Objects();

        return builder;
    }

    /// <summary>Sends every request that arrives on the S3 port to the S3 API, past the routes of the other ports.</summary>
    public static IApplicationBuilder UseS3(this IApplicationBuilder app, int port)
    {
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            branch => branch.Run(context => context.RequestServices.GetRequiredService<S3Dispatcher>().HandleAsync(context)));

        return app;
    }

    /// <summary>Adds an operation and the class that carries it out.</summary>
    public static IServiceCollection AddS3Operation<THandler>(this IServiceCollection services, S3Operation operation)
        where THandler : class, IS3Operation
    {
        services.TryAddSingleton<THandler>();
        return services.AddSingleton(operation);
    }

    private static bool IsMetadata(string header) => header.StartsWith(ObjectHeaders.MetadataPrefix, StringComparison.OrdinalIgnoreCase);
}
