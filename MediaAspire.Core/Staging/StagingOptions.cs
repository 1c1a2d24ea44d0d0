using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Staging;

/// <summary>Bounds of short-term storage. Bound from the <c>Staging</c> section; the same in the API and the worker.</summary>
public sealed class StagingOptions : IValidatableObject
{
    public const string SectionName = "Staging";

    /// <summary>Gets or sets how many bytes may be staged at once, those still coming in included.</summary>
    /// <value>The default value is 1 GiB. Redis needs a few percent more than this.</value>
    [Range(1, long.MaxValue / 2)]
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Gets or sets the largest value accepted, in bytes.</summary>
    /// <value>The default value is 64 MiB; the most is 512 MiB.</value>
    [Range(0, 512L << 20)]
    public long MaxSize { get; set; } = 64L << 20;

    /// <summary>Gets or sets how long one command to Redis may take; a piece of a value is one.</summary>
    /// <value>The default value is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxSize > MaxBytes)
        {
            yield return new(
                $"MaxSize is {MaxSize} and MaxBytes {MaxBytes}: the largest value would never fit. MaxBytes must not be less than MaxSize.",
                [nameof(MaxSize)]);
        }
    }
}

/// <summary>Checks the data annotations of <see cref="StagingOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class StagingOptionsValidator : IValidateOptions<StagingOptions>;
