using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Sweeping;

/// <summary>When what nobody needs is taken off the servers. Bound from the <c>Sweeping</c> section. Graces are measured by the database's clock.</summary>
public sealed class SweepingOptions
{
    public const string SectionName = "Sweeping";

    /// <summary>Pause between two looks for upload sessions that have ended.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SessionsInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old an unfinished file without an upload session must be to count as given up.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan UnfinishedGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Pause between two looks for deleted files.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan DeletedFilesInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the bytes of a deleted file stay; until then a file that was deleted by mistake can be brought back by hand.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DeletedFilesGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Pause between two rounds of unlinking.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RemovalInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a copy that is to go stays on its server, so that readers who already chose it finish.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RemovalGrace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Deletions under way at once on one server.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 256)]
    public int RemovalConcurrency { get; set; } = 8;

    /// <summary>Pause between two comparisons of the servers' disks with the rows.</summary>
    /// <value>The default is 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "30.00:00:00")]
    public TimeSpan OrphansInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How old a chunk file that no row knows must be to be reported, by its server's clock, and how long it must have been known as such,
    /// by the database's, to be deleted.
    /// </summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan OrphanGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The largest share of a server's chunk files that may be deleted as unknown. More than that, of more than 100, means that the rows
    /// are lost rather than the chunks superfluous, and nothing is deleted.
    /// </summary>
    /// <value>The default is 0.5; 1 is no limit.</value>
    [Range(0.0, 1.0)]
    public double MaxOrphanShare { get; set; } = 0.5;

    /// <summary>Files, copies or chunk files dealt with at once: in one transaction, or one query.</summary>
    /// <value>The default is 500.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;
}

[OptionsValidator]
internal sealed partial class SweepingOptionsValidator : IValidateOptions<SweepingOptions>;
