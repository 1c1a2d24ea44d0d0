using MediaAspire.Api.Ownership;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Files;

internal static class FileHostExtensions
{
    /// <summary>Adds the services of the file routes; pairs with <see cref="FileEndpoints.MapFiles"/>.</summary>
    public static IHostApplicationBuilder AddFiles(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<FileOptions, FileOptionsValidator>().BindConfiguration(FileOptions.SectionName);

        builder.AddQuotas();
        builder.Services.TryAddSingleton<OwnerSelector>();
        builder.Services.TryAddSingleton<FileStore>();
        builder.Services.TryAddSingleton<MultipartUpload>();
        builder.Services.TryAddSingleton<RawUpload>();
        builder.Services.TryAddSingleton<FileDownloads>();
        builder.Services.TryAddSingleton<FileLayouts>();

        return builder;
    }
}
