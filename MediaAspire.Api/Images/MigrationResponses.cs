using System.ComponentModel;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;

namespace MediaAspire.Api.Images;

/// <summary>A migration to start.</summary>
internal sealed record StartImageMigrationRequest(
    [property: Description("The store to move to: chunks or s3.")] string? To,
    [property: Description("The limit of its speed in bytes per second; without it, that of the settings.")] long? BytesPerSecond);

/// <summary>The store of new images, and the latest migration.</summary>
internal sealed record ImageMigrationResponse(
    [property: Description("The store of new images: chunks or s3.")] string Store, MigrationResponse? Migration);

/// <summary>A migration.</summary>
internal sealed record MigrationResponse(
    Guid Id,
    string To,
    [property: Description("running, paused, cancelled, failed or done.")] string State,
    [property: Description("Blobs that were moved.")] long Done,
    [property: Description("Blobs that were moved, and those that are not in the target.")] long Total,
    long DoneBytes,
    long TotalBytes,
    [property: Description("Bytes per second, lately.")] double? Rate,
    [property: Description("Seconds until the end, at this rate.")] double? SecondsLeft,
    [property: Description("Attempts that failed.")] long Failures,
    [property: Description("The last failure.")] string? Error,
    [property: Description("Blobs whose last attempt failed, at most 100.")] IReadOnlyList<FailingBlob> Failing,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt)
{
    public static MigrationResponse Of(MigrationProgress progress)
    {
        var migration = progress.Migration;
        return new(
            migration.Id,
            StoreNames.Of(migration.Target),
            migration.State.ToString().ToLowerInvariant(),
            migration.MovedBlobs,
            migration.MovedBlobs + progress.RemainingBlobs,
            migration.MovedBytes,
            migration.MovedBytes + progress.RemainingBytes,
            migration.Rate,
            migration.Rate > 0 ? progress.RemainingBytes / migration.Rate : null,
            migration.Failures,
            migration.Error,
            progress.Failing,
            migration.StartedAt,
            migration.EndedAt);
    }
}
