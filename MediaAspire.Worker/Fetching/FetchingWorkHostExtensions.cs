using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Fetching;

internal static class FetchingWorkHostExtensions
{
    /// <summary>Adds the jobs that fetch images, and the sweep of proxied ones; needs the work on images and imaging.</summary>
    public static IHostApplicationBuilder AddFetching(this IHostApplicationBuilder builder)
    {
        builder.AddRemoteFetcher();
        builder.AddImageUploads();
        builder.AddImageProxies();
        builder.Services.TryAddSingleton<FetchMetrics>();
        builder.Services.TryAddSingleton<ImageDownloader>();
        builder.Services.AddJobHandler<FetchImage, FetchImageHandler>(FetchImage.Kind, Concurrency);
        builder.Services.AddJobHandler<FetchProxy, FetchProxyHandler>(FetchProxy.Kind, Concurrency);
        builder.Services.AddDuty<ImageProxiesDuty>();

        return builder;
    }

    private static int Concurrency(IServiceProvider services) => services.GetRequiredService<IOptions<ProxyOptions>>().Value.Concurrency;
}
