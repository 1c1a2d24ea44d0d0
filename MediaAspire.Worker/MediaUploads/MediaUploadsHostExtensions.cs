using MediaAspire.Core.Media.Uploads;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaUploads;

internal static class MediaUploadsHostExtensions
{
    /// <summary>
    /// Adds the job that hashes uploaded parts, and the duties that delete objects and compare the store with the catalog; needs the store
    /// of media, jobs and duties.
    /// </summary>
    public static IHostApplicationBuilder AddMediaUploadWork(this IHostApplicationBuilder builder)
    {
        builder.AddMediaUploads();
        builder.Services.AddOptionsWithValidateOnStart<MediaUploadWorkOptions, MediaUploadWorkOptionsValidator>()
            .BindConfiguration(MediaUploadWorkOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediaUploadWorkOptions>, AuditGraceValidator>());
        builder.Services.TryAddSingleton<MediaUploadMetrics>();
        builder.Services.AddJobHandler<VerifyMedia, VerifyMediaHandler>(
            VerifyMedia.Kind, services => services.GetRequiredService<IOptions<MediaUploadWorkOptions>>().Value.ConcurrentHashes);
        builder.Services.AddDuty<MediaDeletionsDuty>();
        builder.Services.AddDuty<MediaAuditDuty>();

        return builder;
    }
}
