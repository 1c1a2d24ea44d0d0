using MediaAspire.Core.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Multipart;

public static class MultipartHostExtensions
{
    /// <summary>Adds the catalog of multipart uploads; needs the database and the file store.</summary>
    public static TBuilder AddMultipartUploads<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddObjects();
        builder.Services.TryAddSingleton<MultipartCatalog>();

        return builder;
    }
}
