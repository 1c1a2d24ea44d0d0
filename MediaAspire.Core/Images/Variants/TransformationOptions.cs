using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The settings that say which variants may be asked for. Bound from the <c>Images</c> section.</summary>
public sealed class TransformationOptions
{
    public const string SectionName = "Images";

    /// <summary>Gets or sets the requests for variants that are allowed without a signature.</summary>
    /// <value>The default is <see cref="TransformationMode.Open"/>.</value>
    [EnumDataType(typeof(TransformationMode))]
    public TransformationMode Transformations { get; set; } = TransformationMode.Open;
}

/// <summary>The requests for variants that are allowed without a signature.</summary>
public enum TransformationMode
{
    /// <summary>All operations.</summary>
    Open,

    /// <summary>Presets only.</summary>
    Presets,

    /// <summary>None.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Addresses are signed; the word is not that of a type.")]
    Signed,
}

[OptionsValidator]
internal sealed partial class TransformationOptionsValidator : IValidateOptions<TransformationOptions>;
