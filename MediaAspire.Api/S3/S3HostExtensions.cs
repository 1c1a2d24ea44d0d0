using MediaAspire.Api.S3.Buckets;
using MediaAspire.Api.S3.Deletions;
using MediaAspire.Api.S3.Listing;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Versioning;
using MediaAspire.Core.Buckets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3;

internal static class S3HostExtensions
{
    /// <summary>Adds the S3 API; pairs with <see cref="UseS3"/>.</summary>
    public static IHostApplicationBuilder AddS3(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<S3Options, S3OptionsValidator>().BindConfiguration(S3Options.SectionName);

        builder.AddBuckets();
        builder.Services.TryAddSingleton<S3Router>();
        builder.Services.TryAddSingleton<S3ErrorWriter>();
        builder.Services.TryAddSingleton<S3Dispatcher>();
        builder.Services.TryAddSingleton<IS3Authorizer, OwnerAuthorizer>();
        builder.Services.AddBucketOperations();
        builder.Services.AddListingOperations();
        builder.Services.AddDeletionOperations();
        builder.Services.AddVersioningOperations();

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
}
