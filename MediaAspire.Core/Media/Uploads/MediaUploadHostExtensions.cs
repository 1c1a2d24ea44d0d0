using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

public static class MediaUploadHostExtensions
{
    /// <summary>Adds the use cases of uploads, and the object store; needs <see cref="IMediaStore"/> and an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddMediaUploads(this IHostApplicationBuilder builder)
    {
        builder.AddObjectStore();
        builder.Services.AddOptionsWithValidateOnStart<MediaUploadOptions, MediaUploadOptionsValidator>()
            .BindConfiguration(MediaUploadOptions.SectionName);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediaUploadOptions>, MediaSizesValidator>());
        builder.Services.TryAddSingleton<UploadAddresses>();
        builder.Services.TryAddSingleton<PartInspector>();
        builder.Services.TryAddSingleton<CreateMedia>();
        builder.Services.TryAddSingleton<FinalizeMedia>();
        builder.Services.TryAddSingleton<RenewUploads>();
        builder.Services.TryAddSingleton<IUploadFinisher, UploadFinisher>();
        builder.Services.TryAddSingleton<ReportUploads>();
        builder.Services.TryAddSingleton<PartVerifier>();
        builder.Services.TryAddSingleton<ObjectDeletions>();
        builder.Services.TryAddSingleton<ObjectAudit>();
        builder.Services.TryAddSingleton<BucketMark>();
        builder.Services.TryAddSingleton<MediaAuditLedger>();

        return builder;
    }
}
