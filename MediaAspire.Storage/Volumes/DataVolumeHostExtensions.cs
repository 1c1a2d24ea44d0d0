using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Storage.Volumes;

internal static class DataVolumeHostExtensions
{
    /// <summary>Adds the check of the data directory's file system, which runs before the directory is acquired.</summary>
    public static IHostApplicationBuilder AddDataVolume(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(_ => Surroundings.Read());
        builder.Services.TryAddSingleton<DataVolume>();
        return builder;
    }
}
