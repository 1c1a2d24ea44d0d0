using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images;

/// <summary>The settings of images that every process shares. Bound from the <c>Images</c> section.</summary>
public sealed class ImageOptions
{
    public const string SectionName = "Images";

    /// <summary>Gets or sets the store of new originals and variants.</summary>
    /// <value>The default is <see cref="ImageStore.Chunks"/>. What is stored already stays where it is, and is read from there.</value>
    [EnumDataType(typeof(ImageStore))]
    public ImageStore Store { get; set; } = ImageStore.Chunks;

    /// <summary>Gets or sets a value indicating whether anyone may read an image whose alias they know.</summary>
    /// <value>The default is <see langword="false"/>: reading takes a key with <c>images:read</c>, or a signed address.</value>
    public bool PublicReads { get; set; }

    /// <summary>Gets or sets a value indicating whether images are neither added nor removed, for example during maintenance.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool ReadOnly { get; set; }
}

/// <summary>The stores of images.</summary>
public enum ImageStore
{
    /// <summary>The platform's own storage servers.</summary>
    Chunks,

    /// <summary>The object store.</summary>
    S3,
}

[OptionsValidator]
internal sealed partial class ImageOptionsValidator : IValidateOptions<ImageOptions>;
