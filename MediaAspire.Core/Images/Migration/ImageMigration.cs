namespace MediaAspire.Core.Images.Migration;

/// <summary>A migration of all blobs to one of the stores.</summary>
/// <param name="Id">The migration's id.</param>
/// <param name="Target">The store that blobs move to, and that new ones go to.</param>
/// <param name="State">The state.</param>
/// <param name="StartedAt">The time of the start.</param>
public sealed record ImageMigration(Guid Id, ImageStore Target, MigrationState State, DateTimeOffset StartedAt)
{
    /// <summary>Gets the limit of its speed in bytes per second; <see langword="null"/> for the one of the configuration.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Gets the number of blobs that were moved.</summary>
    public long MovedBlobs { get; init; }

    /// <summary>Gets the number of bytes that were moved.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Gets the number of attempts that failed.</summary>
    public long Failures { get; init; }

    /// <summary>Gets the number of attempts that failed since the last one that succeeded.</summary>
    public int FailuresInRow { get; init; }

    /// <summary>Gets the last failure; <see langword="null"/> when there was none.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the speed in bytes per second, measured lately; <see langword="null"/> when nothing was moved lately.</summary>
    public double? Rate { get; init; }

    /// <summary>Gets the time of the end; <see langword="null"/> before it.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The states of a migration.</summary>
public enum MigrationState
{
    Running,
    Paused,

    /// <summary>Ended by an operator. What was moved stays where it is.</summary>
    Cancelled,

    /// <summary>Ended after too many failures in a row.</summary>
    Failed,

    /// <summary>All blobs are in the target. A blob that is stored elsewhere later makes it run again.</summary>
    Done,
}

/// <summary>A migration, and the blobs that it still has to move.</summary>
/// <param name="Migration">The migration.</param>
/// <param name="RemainingBlobs">Blobs that are not in the target.</param>
/// <param name="RemainingBytes">Their bytes.</param>
/// <param name="Failing">Blobs whose last attempt failed, at most 100.</param>
public sealed record MigrationProgress(
    ImageMigration Migration, long RemainingBlobs, long RemainingBytes, IReadOnlyList<FailingBlob> Failing);

/// <summary>A blob that could not be moved.</summary>
/// <param name="Blob">The blob.</param>
/// <param name="Failures">The number of attempts.</param>
/// <param name="Error">The last failure.</param>
public sealed record FailingBlob(Guid Blob, int Failures, string Error);
