using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Asks for the variants that are made of every picture as soon as it is stored.</summary>
public sealed class EagerVariants(VariantPresets presets, VariantCatalog catalog, VariantWork work)
{
    /// <summary>Enqueues the jobs of an image, of the lowest priority. Calling it again enqueues none that waits or is done.</summary>
    public async Task AskAsync(ImageAlias alias, ImageDetails details, CancellationToken cancellationToken)
    {
        foreach (var wish in presets.Eager)
        {
            var key = VariantKey.Write(wish.For(details, static _ => false));
            if (await catalog.FindAsync(alias, key, cancellationToken) is { Found: { Variant: null, Failure: null } found })
            {
                await work.WantAsync(found.Owner, key, isUrgent: false, cancellationToken);
            }
        }
    }
}
