using MediaAspire.Core.Duties;
using MediaAspire.Core.Media.Access;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaAccess;

/// <summary>Makes objects public or private in the object store, where a request did not do it itself.</summary>
internal sealed class MediaAccessDuty(ObjectAccess access, IOptions<MediaAccessOptions> options) : IDuty
{
    private const int BatchSize = 100;

    public string Name => DutyNames.MediaAccess;

    public TimeSpan Interval => options.Value.AccessInterval;

    // An object that failed is due again later only, so that the batches end.
    public Task<long> RunAsync(CancellationToken cancellationToken) =>
        Batches.RunAllAsync(BatchSize, access.ApplyDueAsync, cancellationToken);
}
