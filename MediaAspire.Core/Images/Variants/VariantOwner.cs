using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The owner of variants: an image, or an object of the media catalog.</summary>
/// <param name="Image">The image; <see langword="null"/> for an object.</param>
/// <param name="ObjectKey">The key of the object; <see langword="null"/> for an image.</param>
public readonly record struct VariantOwner(ImageId? Image, string? ObjectKey)
{
    public static VariantOwner Of(ImageId image) => new(image, null);

    public static VariantOwner Of(string objectKey) => new(null, objectKey);

    public override string ToString() => Image is { } image ? $"image {image}" : $"object {ObjectKey}";
}
