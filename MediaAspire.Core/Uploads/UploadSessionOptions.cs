using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Uploads;

/// <summary>The settings of resumable uploads. Bound from the <c>Uploads:Sessions</c> section.</summary>
public sealed class UploadSessionOptions
{
    public const string SectionName = "Uploads:Sessions";

    private const long MiB = 1 << 20;

    /// <summary>Gets or sets the most bytes of an upload.</summary>
    /// <value>The default is 5 TiB.</value>
    [Range(0, 1L << 50)]
    public long MaxLength { get; set; } = 5L << 40;

    /// <summary>Gets or sets the time without a new byte after which an upload expires.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets or sets the time without a new part after which an upload in parts of S3 expires; <see langword="null"/> for never, as S3
    /// has it. Lifecycle rules of buckets expire them too.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? MultipartLifetime { get; set; }

    /// <summary>Gets or sets the time for which a finished upload is found. Its result stays.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan FinishedKeptFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets or sets the size of the pieces that a long append is committed in, in bytes. A process that is killed loses at most two of
    /// them.
    /// </summary>
    /// <value>The default is 32 MiB.</value>
    [Range(64 * 1024, 1L << 30)]
    public long PieceBytes { get; set; } = 32 * MiB;

    /// <summary>Gets or sets the most pieces of an upload. Each append has at least one.</summary>
    /// <value>The default is 50,000.</value>
    [Range(1, 1_000_000)]
    public int MaxPieces { get; set; } = 50_000;

    /// <summary>
    /// Gets or sets the average size of pieces below which the completion of a file writes it again, in chunks of the usual size.
    /// </summary>
    /// <value>The default is 1 MiB. Uploads of at most 64 pieces are never written again.</value>
    [Range(0, 1L << 30)]
    public long SmallPieceBytes { get; set; } = MiB;

    /// <summary>
    /// Gets or sets the time that an append waits for an older one of the same upload to end, before it takes the upload by force.
    /// </summary>
    /// <value>The default is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan TakeOverWithin { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets the time limit for storing the bytes that arrived before a connection broke.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommitWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the time after which the completion of an upload is taken for lost, and begun again.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CompletionLostAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the pause between two runs of the duty of uploads.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the number of completions that one worker runs at the same time.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;
}

/// <summary>The check of the data annotations of <see cref="UploadSessionOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class UploadSessionOptionsValidator : IValidateOptions<UploadSessionOptions>;
