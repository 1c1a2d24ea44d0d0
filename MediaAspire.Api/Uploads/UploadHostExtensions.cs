using MediaAspire.Api.Ownership;
using MediaAspire.Core.Uploads;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

internal static class UploadHostExtensions
{
    /// <summary>
    /// Adds resumable uploads; pairs with <see cref="UploadEndpoints.MapUploads"/>; needs files, images, media, S3 and keys.
    /// </summary>
    public static IHostApplicationBuilder AddUploads(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<CrossOriginOptions, CrossOriginOptionsValidator>()
            .BindConfiguration(CrossOriginOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsRules>());
        services.AddOptionsWithValidateOnStart<UploadSigningOptions, UploadSigningOptionsValidator>()
            .BindConfiguration(UploadSigningOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UploadSigningOptions>, UploadSigningOptionsRules>());

        builder.AddUploadSessions();
        services.TryAddSingleton<OwnerSelector>();
        services.TryAddSingleton<UploadLimits>();
        services.TryAddSingleton<UploadGrants>();
        services.TryAddSingleton<UploadSenders>();
        services.TryAddSingleton<MediaTargets>();
        services.TryAddSingleton<UploadTargets>();
        services.TryAddSingleton<UploadFinder>();
        services.TryAddSingleton<UploadPages>();
        services.TryAddSingleton<UploadPartSigning>();
        services.TryAddSingleton<TusConcatenation>();
        services.TryAddSingleton<TusDoor>();
        services.TryAddSingleton<DraftDoor>();

        return builder;
    }

    /// <summary>
    /// Reads the method that a request means, and lets the origins through that the settings allow. Must come before the middleware that
    /// refuses cross-site requests.
    /// </summary>
    public static IApplicationBuilder UseUploadProtocols(this IApplicationBuilder app) => app.UseMiddleware<UploadProtocolMiddleware>();

    /// <summary>Answers <c>OPTIONS /uploads</c>. Must come before authentication, and after the check of the host's name.</summary>
    public static IApplicationBuilder UseUploadOptions(this IApplicationBuilder app) => app.UseMiddleware<UploadOptionsMiddleware>();
}
