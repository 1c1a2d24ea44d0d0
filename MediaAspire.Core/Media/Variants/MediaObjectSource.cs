using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Core.Media.Variants;

/// <summary>Parts of media as sources of variants. An object that several items share has its variants once.</summary>
public sealed class MediaObjectSource(IObjectStore objects) : IVariantSource
{
    /// <summary>Gets the limits of what is read out of the catalog's parts, which accept what clients declare.</summary>
    public static ImageLimits PartLimits { get; } = new()
    {
        Picture = new(65_500, 65_500, 300_000_000, 1),
        Animation = new(8_192, 8_192, 35_400_000, 10_000),
        Video = new(8_192, 8_192, 35_400_000, int.MaxValue),
        AllowsAudio = true,
    };

    public ImageLimits? Limits => PartLimits;

    public bool Has(VariantOwner owner) => owner.ObjectKey is not null;

    public Task<bool> CopyToAsync(VariantOwner owner, string path, CancellationToken cancellationToken) =>
        objects.TryCopyToFileAsync(owner.ObjectKey!, path, cancellationToken);
}
