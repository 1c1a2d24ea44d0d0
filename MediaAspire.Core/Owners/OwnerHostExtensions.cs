using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Owners;

public static class OwnerHostExtensions
{
    /// <summary>Adds <see cref="OwnerStore"/>; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddOwners(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<OwnerStore>();

        return builder;
    }
}
