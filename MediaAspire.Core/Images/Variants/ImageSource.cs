using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Images of the repository as sources.</summary>
internal sealed class ImageSource(ImageCatalog catalog, ImageBlobs blobs) : IVariantSource
{
    // The limits of uploads were checked when the image was stored, and those of a request may have been wider than today's.
    public ImageLimits Limits { get; } = new() { AllowsAudio = true };

    public bool Has(VariantOwner owner) => owner.Image is not null;

    public async Task<bool> CopyToAsync(VariantOwner owner, string path, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(owner.Image!.Value, cancellationToken) is not { } image)
        {
            return false;
        }

        await blobs.CopyToAsync(image.Blob, path, cancellationToken);
        return true;
    }
}
