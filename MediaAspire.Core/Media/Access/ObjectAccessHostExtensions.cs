using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Media.Access;

public static class ObjectAccessHostExtensions
{
    /// <summary>Adds <see cref="IObjectAccess"/>; needs the media store and the object store.</summary>
    public static IHostApplicationBuilder AddObjectAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ObjectAccessBacklog>();
        builder.Services.TryAddSingleton<ObjectAccess>();
        builder.Services.TryAddSingleton<IObjectAccess>(services => services.GetRequiredService<ObjectAccess>());

        return builder;
    }
}
