using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Api.S3.Forms;

internal static class FormsHostExtensions
{
    /// <summary>Adds uploads by HTML form.</summary>
    public static IServiceCollection AddS3Forms(this IServiceCollection services)
    {
        services.TryAddSingleton<FormAuthenticator>();

        // The form itself contains the sender and the key.
        services.AddS3Operation<PostObject>(
            new("PostObject", HttpMethods.Post, S3Scope.Bucket, Action: null, typeof(PostObject)) { Authenticates = false });

        return services;
    }
}
