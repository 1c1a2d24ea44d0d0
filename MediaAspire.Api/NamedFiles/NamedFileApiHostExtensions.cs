using MediaAspire.Api.Ownership;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.NamedFiles;

internal static class NamedFileApiHostExtensions
{
    /// <summary>Adds the services of named files: <c>POST /files</c> with JSON, <c>GET /files?client_id=&amp;name=</c>.</summary>
    public static IHostApplicationBuilder AddNamedFiles(this IHostApplicationBuilder builder)
    {
        builder.AddNamedFileStore();
        builder.AddQuotas();
        builder.Services.TryAddSingleton<OwnerSelector>();
        builder.Services.TryAddSingleton<NamedFileUpload>();
        builder.Services.TryAddSingleton<NamedFileReading>();
        builder.Services.TryAddSingleton<NamedFileDownloads>();

        return builder;
    }
}
