using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Images of the repository as sources.</summary>
internal sealed class ImageSource(ImageCatalog catalog, ImageBlobs blobs) : IVariantSource
{
    public ImageLimits? Limits => null;

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
