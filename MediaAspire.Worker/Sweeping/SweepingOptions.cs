using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Sweeping;

/// <summary>The settings of removing unneeded data. Bound from the <c>Sweeping</c> section. Graces run by the database's clock.</summary>
public sealed class SweepingOptions
{
    public const string SectionName = "Sweeping";

    /// <summary>Gets or sets the interval at which ended upload sessions are swept.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SessionsInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the age at which an unfinished file without an upload session counts as abandoned.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan UnfinishedGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the interval at which deleted files are swept.</summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan DeletedFilesInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the time for which a deleted file keeps its bytes. Until then it can be restored by hand.</summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DeletedFilesGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the pause between two rounds of unlinking.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RemovalInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets the time for which a copy to remove stays on its server, so that readers that already chose it finish.
    /// </summary>
    /// <value>The default is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RemovalGrace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the number of concurrent deletions on one server.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 256)]
    public int RemovalConcurrency { get; set; } = 8;

    /// <summary>Gets or sets the pause between two comparisons of the servers' disks with the rows.</summary>
    /// <value>The default is 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "30.00:00:00")]
    public TimeSpan OrphansInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Gets or sets the age at which an untracked chunk file is reported, by its server's clock, and the time for which it must be known as
    /// such, by the database's, to be deleted.
    /// </summary>
    /// <value>The default is 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan OrphanGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or sets the largest share of a server's chunk files that may be collected as unknown. More than that means that the rows are
    /// lost rather than the chunks superfluous, and nothing is collected until an operator permits it.
    /// </summary>
    /// <value>The default is 0.01; 1 disables the limit.</value>
    [Range(0.0, 1.0)]
    public double MaxOrphanShare { get; set; } = 0.01;

    /// <summary>Gets or sets the number of files, copies or chunk files in one transaction or query.</summary>
    /// <value>The default is 500.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;
}

[OptionsValidator]
internal sealed partial class SweepingOptionsValidator : IValidateOptions<SweepingOptions>;
