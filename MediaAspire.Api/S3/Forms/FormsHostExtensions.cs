using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Forms;

internal static class FormsHostExtensions
{
    /// <summary>Adds uploads by HTML form.</summary>
    public static IServiceCollection AddS3Forms(this IServiceCollection services)
    {
        services.TryAddSingleton<FormAuthenticator>();

        // Who sends a form stands in it, and so does the key.
        services.AddS3Operation<PostObject>(new("PostObject", HttpMethods.Post, S3Scope.Bucket, Action: null, typeof(PostObject)) { Authenticates = false });

        return services;
    }
}
