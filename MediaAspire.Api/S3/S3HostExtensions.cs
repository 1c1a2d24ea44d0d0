using MediaAspire.Api.Listeners;
using MediaAspire.Api.S3.Access;
using MediaAspire.Api.S3.Buckets;
using MediaAspire.Api.S3.Cors;
using MediaAspire.Api.S3.Deletions;
using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Api.S3.Forms;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Listing;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Multipart;
using MediaAspire.Api.S3.Notifications;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Api.S3.Tagging;
using MediaAspire.Api.S3.Versioning;
using MediaAspire.Core.Audit;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Notifications;
using MediaAspire.Core.Quotas;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3;

internal static class S3HostExtensions
{
    /// <summary>Adds the S3 API; pairs with <see cref="UseS3"/>; needs the file store, access keys and limits.</summary>
    public static IHostApplicationBuilder AddS3(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<S3Options, S3OptionsValidator>().BindConfiguration(S3Options.SectionName);

        builder.Services.Configure<KestrelServerOptions>(S3Server.Configure);
        builder.Services.AddPortCheck(
            $"{S3Options.SectionName}:{nameof(S3Options.Port)}",
            services => services.GetRequiredService<IOptions<S3Options>>().Value.Port);

        builder.AddMultipartUploads();
        builder.Services.TryAddSingleton<UploadSessionMetrics>();
        builder.AddQuotas();
        builder.AddS3Signing();
        builder.Services.AddS3Payload();
        builder.Services.TryAddSingleton<HostFilter>();
        builder.Services.TryAddSingleton<S3Router>();
        builder.Services.TryAddSingleton<S3ErrorWriter>();
        builder.Services.TryAddSingleton(services => new BucketCache(services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton<S3Admission>();
        builder.AddAuditLog();
        builder.Services.TryAddSingleton<S3Audit>();
        builder.Services.TryAddSingleton<S3Limits>();
        builder.Services.TryAddSingleton<S3Dispatcher>();
        builder.Services.TryAddSingleton<IS3Owners, S3Owners>();
        builder.Services.AddAccess();
        builder.Services.AddBucketOperations();
        builder.Services.AddVersioningOperations();
        builder.Services.AddListingOperations();
        builder.Services.AddS3Objects();
        builder.Services.AddDeletionOperations();
        builder.Services.AddMultipart();
        builder.Services.AddS3Forms();
        builder.Services.AddTaggingOperations();
        builder.Services.AddCorsOperations();
        builder.Services.AddLifecycle();
        builder.Services.AddObjectLock();
        builder.AddNotificationSettings();
        builder.Services.AddNotificationOperations();

        return builder;
    }

    /// <summary>Sends every request on the S3 port to the S3 API. Must come before routing, because any path may be a bucket's.</summary>
    public static IApplicationBuilder UseS3(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<S3Options>>().Value.Port is not { } port)
        {
            return app;
        }

        // The local port, not the Host header, which clients choose. A TCP proxy in front of several processes does not change that: each
        // process gets the client's bytes on a port of its own, and the Host header as it was signed.
        return app.MapWhen(
            context => context.Connection.LocalPort == port,
            branch => branch.Run(context =>
            {
                // Operations count the bytes themselves; the limit of the server is far below a large object.
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
                return context.RequestServices.GetRequiredService<S3Dispatcher>().HandleAsync(context);
            }));
    }
}
