using MediaAspire.Core.Images.Motion;
using MediaAspire.Worker.Imaging;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Motion;

internal static class MotionWorkerHostExtensions
{
    /// <summary>Adds the job that makes videos of animations; needs images, their processor, and jobs.</summary>
    public static IHostApplicationBuilder AddMotionWork(this IHostApplicationBuilder builder)
    {
        builder.AddImageMotions();
        builder.Services.AddJobHandler<MakeMotion, MakeMotionHandler>(
            MakeMotion.Kind, services => services.GetRequiredService<IOptions<VideoOptions>>().Value.Concurrency);
        return builder;
    }
}
