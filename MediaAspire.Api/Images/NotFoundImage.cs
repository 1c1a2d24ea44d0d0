using MediaAspire.Core.Images;

namespace MediaAspire.Api.Images;

/// <summary>The image that is sent, with 404, for one that does not exist. Operators choose it.</summary>
internal sealed class NotFoundImage(ImageSettings settings, ImageCatalog catalog)
{
    /// <summary>Finds the image.</summary>
    /// <returns><see langword="null"/> when none is chosen, or when it was deleted.</returns>
    public async Task<AliasedImage?> FindAsync(CancellationToken cancellationToken) =>
        await settings.GetAsync(ImageSettings.NotFound, cancellationToken) is { } text && ImageAlias.TryParse(text, out var alias)
            ? await catalog.FindAsync(alias, cancellationToken)
            : null;
}
