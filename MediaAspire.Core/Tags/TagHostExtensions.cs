using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Tags;

public static class TagHostExtensions
{
    /// <summary>Adds the tags; needs an NpgsqlDataSource, the media store and the job queue.</summary>
    public static IHostApplicationBuilder AddTags(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<TagCatalog>();
        builder.Services.TryAddSingleton<TagCounter>();
        builder.Services.TryAddSingleton<TagChanges>();
        builder.Services.TryAddSingleton<TagRenamer>();

        return builder;
    }
}
