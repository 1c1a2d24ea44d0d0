using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.StoreMigration;

/// <summary>The settings of migrations between the stores of images. Bound from the <c>Images:Migration</c> section.</summary>
public sealed class StoreMigrationOptions
{
    public const string SectionName = "Images:Migration";

    /// <summary>Gets or sets the number of blobs that are moved at the same time.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Gets or sets the limit of the speed, unless the migration was started with one of its own.</summary>
    /// <value>Bytes per second. The default is 64 MiB; 0 is no limit.</value>
    [Range(0, long.MaxValue)]
    public long BytesPerSecond { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the pause until blobs that could not be moved, or came to the other store, are looked for.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class StoreMigrationOptionsValidator : IValidateOptions<StoreMigrationOptions>;
