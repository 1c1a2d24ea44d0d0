using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Multipart;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Uploads;

public static class UploadSessionHostExtensions
{
    /// <summary>Adds the resumable uploads; needs the database, the file store and the job queue.</summary>
    public static IHostApplicationBuilder AddUploadSessions(this IHostApplicationBuilder builder)
    {
        builder.AddImageUploads();
        builder.AddMultipartUploads();
        builder.Services.AddOptionsWithValidateOnStart<UploadSessionOptions, UploadSessionOptionsValidator>()
            .BindConfiguration(UploadSessionOptions.SectionName);
        builder.Services.TryAddSingleton<UploadSessionMetrics>();
        builder.Services.TryAddSingleton<UploadCatalog>();
        builder.Services.TryAddSingleton<UploadHolds>();
        builder.Services.TryAddSingleton<SessionHashes>();
        builder.Services.TryAddSingleton<UploadContent>();
        builder.Services.TryAddSingleton<UploadResults>();
        builder.Services.TryAddSingleton<ObjectResults>();
        builder.Services.TryAddSingleton<UploadAppender>();
        builder.Services.TryAddSingleton<UploadParts>();
        builder.Services.TryAddSingleton<IMultipartSource, MultipartContinuation>();

        // Their constructors take internal types, which the container does not look for.
        builder.Services.TryAddSingleton(services => new UploadCompleter(
            services.GetRequiredService<UploadCatalog>(),
            services.GetRequiredService<UploadResults>(),
            services.GetRequiredService<ObjectResults>(),
            services.GetService<MediaPartResults>(),
            services.GetRequiredService<UploadContent>(),
            services.GetRequiredService<IJobQueue>(),
            services.GetRequiredService<UploadSessionMetrics>(),
            services.GetRequiredService<IOptionsMonitor<UploadSessionOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<UploadCompleter>>()));
        builder.Services.TryAddSingleton(services => new UploadSessions(
            services.GetRequiredService<UploadCatalog>(),
            services.GetRequiredService<UploadAppender>(),
            services.GetRequiredService<UploadCompleter>(),
            services.GetRequiredService<UploadParts>(),
            services.GetRequiredService<MultipartCatalog>(),
            services.GetRequiredService<WorkSignals>(),
            services.GetRequiredService<UploadSessionMetrics>(),
            services.GetRequiredService<IOptionsMonitor<UploadSessionOptions>>()));

        return builder;
    }
}
