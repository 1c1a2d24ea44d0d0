using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaLifecycle;

/// <summary>The settings of the duty that looks after uploads and the trash. Bound from the <c>Media</c> section.</summary>
public sealed class MediaLifecycleOptions
{
    public const string SectionName = "Media";

    /// <summary>Gets or sets the pause between two runs. <c>POST /media/sync</c> starts one at once.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the pending items that are compared with the object store at once.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 256)]
    public int SyncConcurrency { get; set; } = 8;

    /// <summary>Gets or sets the time for which an item stays in the trash.</summary>
    /// <value>The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan TrashRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the time without a change after which the processing of an item is enqueued again.</summary>
    /// <value>The default is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RequeueAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the items that are read at once.</summary>
    /// <value>The default is 500.</value>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Gets or sets the items that are removed in one transaction.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 50;
}

/// <summary>Checks the data annotations of <see cref="MediaLifecycleOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class MediaLifecycleOptionsValidator : IValidateOptions<MediaLifecycleOptions>;
