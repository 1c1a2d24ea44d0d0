using MediaAspire.Core.Uploads;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Uploads;

internal static class UploadWorkHostExtensions
{
    /// <summary>
    /// Adds the job that completes resumable uploads, and the duty that removes expired ones; needs the work on media uploads, imaging,
    /// objects, jobs and duties.
    /// </summary>
    public static IHostApplicationBuilder AddUploadWork(this IHostApplicationBuilder builder)
    {
        builder.AddUploadSessions();
        builder.Services.TryAddSingleton<MediaPartResults>();
        builder.Services.AddJobHandler<CompleteUpload, CompleteUploadHandler>(
            CompleteUpload.Kind, services => services.GetRequiredService<IOptions<UploadSessionOptions>>().Value.Concurrency);
        builder.Services.AddDuty<UploadsDuty>();

        return builder;
    }
}
