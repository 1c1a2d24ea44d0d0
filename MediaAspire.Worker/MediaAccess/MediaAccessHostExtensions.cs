using MediaAspire.Core.Media.Access;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Worker.Duties;

namespace MediaAspire.Worker.MediaAccess;

internal static class MediaAccessHostExtensions
{
    /// <summary>Adds the duty that applies the access of media to objects; needs the database, the job queue and the duties.</summary>
    public static IHostApplicationBuilder AddMediaAccess(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddObjectStore();
        builder.AddObjectAccess();
        builder.Services.AddOptionsWithValidateOnStart<MediaAccessOptions, MediaAccessOptionsValidator>()
            .BindConfiguration(MediaAccessOptions.SectionName);
        builder.Services.AddDuty<MediaAccessDuty>();

        return builder;
    }
}
