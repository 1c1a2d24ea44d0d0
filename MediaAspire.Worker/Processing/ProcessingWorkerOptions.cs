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
}

/// <summary>Checks the data annotations of <see cref="ProcessingWorkerOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class ProcessingWorkerOptionsValidator : IValidateOptions<ProcessingWorkerOptions>;
