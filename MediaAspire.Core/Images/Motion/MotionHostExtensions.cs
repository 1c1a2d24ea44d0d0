using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images.Motion;

public static class MotionHostExtensions
{
    /// <summary>Adds <see cref="ImageMotions"/>; needs what <see cref="ImageHostExtensions"/> adds.</summary>
    public static IHostApplicationBuilder AddImageMotions(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ImageMotions>();
        return builder;
    }
}
