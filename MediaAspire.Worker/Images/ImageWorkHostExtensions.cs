using MediaAspire.Core.Images;

namespace MediaAspire.Worker.Images;

internal static class ImageWorkHostExtensions
{
    /// <summary>Adds the work on images; needs the file store, jobs and duties.</summary>
    public static IHostApplicationBuilder AddImages(this IHostApplicationBuilder builder)
    {
        builder.AddImageStore();

        return builder;
    }
}
