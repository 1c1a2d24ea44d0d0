using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Media.Processing;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Processing;

/// <summary>The settings of the processing of media in a worker. Bound from the <c>Media</c> section.</summary>
public sealed class ProcessingWorkerOptions
{
    public const string SectionName = MediaProcessingOptions.SectionName;

    /// <summary>Gets or sets the number of items that a worker processes at once.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 1000)]
    public int ProcessConcurrency { get; set; } = 8;

    /// <summary>
    /// Gets or sets the size of the largest picture or video whose properties are read, in bytes. It is copied into a temporary file.
    /// </summary>
    /// <value>The default is 1 GiB.</value>
    [Range(1, long.MaxValue)]
    public long MaxProbedBytes { get; set; } = 1024L * 1024 * 1024;
}

/// <summary>Checks the data annotations of <see cref="ProcessingWorkerOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class ProcessingWorkerOptionsValidator : IValidateOptions<ProcessingWorkerOptions>;
