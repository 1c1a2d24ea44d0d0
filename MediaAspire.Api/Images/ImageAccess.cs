using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Images;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Finds images for senders who may read them.</summary>
/// <remarks>
/// A key with <c>images:read</c> reads images without an owner and those of its own one; a key that is bound to no owner reads all. Without
/// a key every image is readable where <c>Images:PublicReads</c> is set. Otherwise a signature of the address must allow the request.
/// </remarks>
internal sealed class ImageAccess(ImageCatalog catalog, IOptionsMonitor<ImageOptions> options)
{
    /// <summary>Gets a value indicating whether anyone may read, so that shared caches may keep answers.</summary>
    public bool IsPublic => options.CurrentValue.PublicReads;

    /// <summary>Finds the image of an alias.</summary>
    /// <param name="http">The request, on an endpoint with <see cref="Policies.ImagesReadOrPublic"/>.</param>
    /// <param name="alias">The alias as the client wrote it.</param>
    /// <param name="isSigned">A value indicating whether a valid signature of the address allows the request without a key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The image, or the problem with the request.</returns>
    public async Task<(AliasedImage? Found, IResult? Problem)> FindAsync(
        HttpContext http, string alias, bool isSigned, CancellationToken cancellationToken)
    {
        var sender = http.GetCaller();
        var hasScope = (sender.Scopes & ApiScopes.ImagesRead) == ApiScopes.ImagesRead;
        if (!hasScope && !isSigned && !IsPublic)
        {
            return (null, TypedResults.Challenge());
        }

        if (!ImageAlias.TryParse(alias, out var parsed))
        {
            return (null, ImageErrors.InvalidAlias(alias));
        }

        // An alias of another owner is answered as one that does not exist: that it exists is not this sender's business.
        return await catalog.FindAsync(parsed, cancellationToken) is { } found && (isSigned || IsPublic || IsVisible(sender, found))
            ? (found, null)
            : (null, ImageErrors.AliasNotFound(parsed));
    }

    /// <summary>Determines whether a sender with a key sees an alias.</summary>
    public static bool IsVisible(Caller sender, AliasedImage image) =>
        sender.Owner is not { } bound || image.Owner is not { } owner || owner == bound;
}
