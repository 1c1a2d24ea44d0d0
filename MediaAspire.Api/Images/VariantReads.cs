using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Caching;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Finds variants for senders who may read them, has them made, and creates the responses.</summary>
/// <remarks>A variant that is made costs one round trip to the database, and its bytes.</remarks>
internal sealed class VariantReads(
    VariantCatalog catalog,
    VariantRequests requests,
    ImageAccess access,
    ImageBlobs blobs,
    AccessTimes times,
    IOptionsMonitor<TransformationOptions> options,
    TimeProvider time,
    ILogger<BlobDownload> logger)
{
    private static readonly ImageDetails s_unknown = new()
    {
        Format = ImageFormat.Jpeg,
        Width = int.MaxValue,
        Height = int.MaxValue,
        HasAlpha = true,
    };

    // Only spares a second look where the key depends on the picture: what it says is compared with what is found.
    private readonly ExpiringCache<ImageAlias, ImageDetails> _details = new(10_000, TimeSpan.FromMinutes(10), time);

    /// <summary>Checks that a sender may read any image.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public IResult? Authorize(HttpContext http, ImageGrant grant)
    {
        var hasScope = (http.GetCaller().Scopes & ApiScopes.ImagesRead) == ApiScopes.ImagesRead;
        return hasScope || grant.IsSigned || access.IsPublic ? null : TypedResults.Challenge();
    }

    /// <summary>Checks that the settings allow a variant.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public IResult? Refuse(VariantWish wish, ImageGrant grant)
    {
        var mode = options.CurrentValue.Transformations;
        var isAllowed = grant.IsSigned || mode == TransformationMode.Open || (mode == TransformationMode.Presets && wish.IsOfPresets);
        return isAllowed ? null : VariantErrors.NotAllowed(mode);
    }

    /// <summary>Gets a variant: from the store, or made now.</summary>
    public async Task<IResult> GetAsync(
        HttpContext http, ImageAlias alias, VariantWish wish, ImageGrant grant, CancellationToken cancellationToken)
    {
        var (found, key, problem) = await FindAsync(http, alias, wish, grant, cancellationToken);
        if (found is not { } image)
        {
            return problem!;
        }

        if (image.UnreadFor is { } unreadFor)
        {
            times.Record(alias, unreadFor);
        }

        if (image.Found.Variant is { } made)
        {
            return Download(made, alias, grant);
        }

        if (image.Found.Failure is { } failure)
        {
            return VariantErrors.Of(failure);
        }

        // HEAD never makes a variant: a probe must not cost an attacker less than it costs us.
        return HttpMethods.IsHead(http.Request.Method)
            ? VariantErrors.NotMade(alias)
            : await MakeAsync(http, alias, image.Found.Owner, key, grant, cancellationToken);
    }

    /// <summary>Asks for a variant without waiting for it.</summary>
    public async Task<IResult> AskAsync(
        HttpContext http, ImageAlias alias, VariantWish wish, CancellationToken cancellationToken)
    {
        var (found, key, problem) = await FindAsync(http, alias, wish, ImageGrant.None, cancellationToken);
        if (found is not { } image)
        {
            return problem!;
        }

        var result = image.Found.Variant is null && image.Found.Failure is null
            ? await requests.AskAsync(image.Found.Owner, key, isUrgent: true, cancellationToken)
            : null;
        return (result?.Failure ?? image.Found.Failure, result?.Outcome) switch
        {
            ({ } failure, _) => VariantErrors.Of(failure),
            (_, VariantOutcome.Busy) => VariantErrors.Busy(),
            (_, VariantOutcome.Gone) => ImageErrors.AliasNotFound(alias),
            _ => TypedResults.Accepted((string?)null, new VariantRequested(key, result is null ? "made" : "pending")),
        };
    }

    private async Task<IResult> MakeAsync(
        HttpContext http, ImageAlias alias, VariantOwner owner, string key, ImageGrant grant, CancellationToken cancellationToken)
    {
        var sender = http.GetCaller().KeyId ?? http.Connection.RemoteIpAddress?.ToString() ?? "";
        var result = await requests.GetAsync(owner, key, sender, cancellationToken);
        return result.Outcome switch
        {
            VariantOutcome.Made => Download(result.Variant!, alias, grant),
            VariantOutcome.Failed => VariantErrors.Of(result.Failure!),
            VariantOutcome.Pending => VariantErrors.Pending(),
            VariantOutcome.Busy => VariantErrors.Busy(),
            _ => ImageErrors.AliasNotFound(alias),
        };
    }

    private BlobDownload Download(StoredVariant variant, ImageAlias alias, ImageGrant grant)
    {
        times.Record(variant);
        return new BlobDownload(blobs, variant.Blob, logger)
        {
            LastModified = variant.CreatedAt,
            IsPublic = access.IsPublic || grant.IsSigned,
            MaxAge = grant.ExpiresAt - time.GetUtcNow(),
            Lost = () => ImageErrors.LostFile(alias),
        };
    }

    private async Task<(AliasedVariant? Found, string Key, IResult? Problem)> FindAsync(
        HttpContext http, ImageAlias alias, VariantWish wish, ImageGrant grant, CancellationToken cancellationToken)
    {
        var accepted = AcceptedFormats.Of(http.Request);
        var guess = _details.TryGet(alias, out var known) ? known : s_unknown;
        for (var key = VariantKey.Write(wish.For(guess, accepted)); ;)
        {
            if (await catalog.FindAsync(alias, key, cancellationToken) is not { } found || !IsVisible(http, found, grant))
            {
                return (null, key, ImageErrors.AliasNotFound(alias));
            }

            if (!found.Details.Equals(known))
            {
                known = found.Details;
                _details.Set(alias, known);
            }

            var request = wish.For(found.Details, accepted);
            if (VariantErrors.RefuseWork(request, found.Details) is { } tooMuch)
            {
                return (null, key, tooMuch);
            }

            var right = VariantKey.Write(request);
            if (right == key)
            {
                return (found, key, null);
            }

            key = right;
        }
    }

    // An alias of another owner is answered as one that does not exist: that it exists is not this sender's business.
    private bool IsVisible(HttpContext http, AliasedVariant found, ImageGrant grant) =>
        grant.IsSigned || access.IsPublic
        || http.GetCaller().Owner is not { } bound || found.Owner is not { } owner || owner == bound;
}

/// <summary>The answer to a request for a variant that nobody waits for.</summary>
/// <param name="Variant">The key of the variant.</param>
/// <param name="State"><c>pending</c> or <c>made</c>.</param>
public sealed record VariantRequested(string Variant, string State);
