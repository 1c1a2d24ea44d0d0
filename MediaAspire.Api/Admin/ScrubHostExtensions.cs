using MediaAspire.Core.Scrubbing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.Admin;

internal static class ScrubHostExtensions
{
    /// <summary>Adds what the scrub routes need; pairs with <see cref="ScrubEndpoints.MapScrub"/>.</summary>
    public static IHostApplicationBuilder AddScrubbing(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ScrubLedger>();
        return builder;
    }
}
