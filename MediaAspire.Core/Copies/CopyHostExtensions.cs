using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Copies;

public static class CopyHostExtensions
{
    /// <summary>Adds what makes and counts copies; needs the database, the cluster and the chunk nodes' clients.</summary>
    public static IHostApplicationBuilder AddCopies(this IHostApplicationBuilder builder)
    {
        builder.AddCopyAuditor();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<CopyLedger>();
        builder.Services.TryAddSingleton<CopyCatalog>();
        builder.Services.TryAddSingleton<CopyMaker>();
        return builder;
    }

    /// <summary>Adds the rule of which copies count, and the list of endangered chunks; needs the database.</summary>
    public static IHostApplicationBuilder AddEndangeredChunks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<LivenessOptions, LivenessOptionsValidator>()
            .BindConfiguration(LivenessOptions.SectionName);
        builder.Services.TryAddSingleton<EndangeredChunks>();
        return builder;
    }
}
