using System.Globalization;
using MediaAspire.Api.Images;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Processing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>
/// Finds variants of parts of media, has them made, and creates the responses. The caller has checked that the sender may read.
/// </summary>
internal sealed class MediaVariants(
    VariantCatalog catalog,
    VariantRequests requests,
    ImageBlobs blobs,
    AccessTimes times,
    VariantPresets presets,
    UrlSignatures signatures,
    IOptionsMonitor<TransformationOptions> options,
    ILogger<BlobDownload> logger)
{
    /// <summary>The parameter of the query that names the owner that the sender acts for.</summary>
    public const string OwnerParameter = "owner";

    private const string PartParameter = "part";

    // Shared caches keep a public item's pictures no longer than this after it became private.
    private static readonly TimeSpan s_sharedFor = TimeSpan.FromMinutes(5);

    /// <summary>Gets a variant of a part: from the store, or made now.</summary>
    /// <param name="http">The request.</param>
    /// <param name="item">The item, which is ready.</param>
    /// <param name="extension">The extension of the variant; <c>auto</c> for the best format that the sender accepts.</param>
    /// <param name="isStill">A value indicating whether a video or an animation is shown as one picture.</param>
    /// <param name="cancellationToken">Ends the call. The work goes on.</param>
    public async Task<IResult> GetAsync(
        HttpContext http, MediaItem item, string extension, bool isStill, CancellationToken cancellationToken)
    {
        if (ImageGrant.Read(http, signatures, out var pairs, out var grant) is { } refused)
        {
            return refused;
        }

        if (ReadPart(pairs, out var operations, out var number) is { } invalid)
        {
            return invalid;
        }

        if (VariantQuery.Read(operations, extension, presets.All, out var wish) is { } fault)
        {
            return VariantErrors.Of(fault);
        }

        if (wish!.HasAutomaticFormat)
        {
            http.Response.Headers.Append("Vary", "Accept");
        }

        wish = isStill ? wish with { Request = wish.Request with { TakesOneFrame = true } } : wish;
        return await GetAsync(http, item, number, wish, grant.IsSigned, cancellationToken);
    }

    // The signature of an address allows operations. Whether the item may be read is its own matter.
    private async Task<IResult> GetAsync(
        HttpContext http, MediaItem item, int? number, VariantWish wish, bool isSigned, CancellationToken cancellationToken)
    {
        var mode = options.CurrentValue.Transformations;
        if (!isSigned && mode != TransformationMode.Open && !(mode == TransformationMode.Presets && wish.IsOfPresets))
        {
            return VariantErrors.NotAllowed(mode);
        }

        if (number is { } wanted && item.Parts.All(part => part.Number != wanted))
        {
            return MediaErrors.PartNotFound(item.Id, wanted, item.Parts.Length);
        }

        if (Select(item, number) is not var (part, source))
        {
            return MediaErrors.NotVisual(item, number);
        }

        var request = wish.For(source, AcceptedFormats.Of(http.Request));
        if (VariantErrors.RefuseWork(request, source) is { } tooMuch)
        {
            return tooMuch;
        }

        var (owner, key) = (VariantOwner.Of(part.ObjectKey), VariantKey.Write(request));
        return await catalog.FindAsync(owner, key, cancellationToken) switch
        {
            null => MediaErrors.NotFound(item.Id),
            { Variant: { } made } => Download(made, item),
            { Failure: { } failure } => VariantErrors.Of(failure),

            // HEAD never makes a variant: a probe must not cost its sender less than it costs us.
            _ => HttpMethods.IsHead(http.Request.Method)
                ? MediaErrors.VariantNotMade(item.Id)
                : await MakeAsync(http, item, owner, key, cancellationToken),
        };
    }

    private static ProblemHttpResult? ReadPart(
        IReadOnlyList<KeyValuePair<string, string>> pairs, out List<KeyValuePair<string, string>> operations, out int? number)
    {
        (operations, number) = ([], null);
        foreach (var pair in pairs)
        {
            if (pair.Key == PartParameter)
            {
                if (number is not null || !int.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var part))
                {
                    return MediaErrors.InvalidPart(pair.Value);
                }

                number = part;
            }
            else if (pair.Key != OwnerParameter)
            {
                operations.Add(pair);
            }
        }

        return null;
    }

    /// <summary>Selects the part that shows an item: its first video, or else its first picture.</summary>
    private static (MediaPart Part, ImageDetails Details)? Select(MediaItem item, int? number)
    {
        (MediaPart Part, ImageDetails Details)? first = null;
        foreach (var part in item.Parts)
        {
            if ((number is null || part.Number == number) && PartProperties.Find(item, part.Number) is { } details)
            {
                if (item.Kind != MediaKind.Video || ImageFormats.IsVideo(details.Format))
                {
                    return (part, details);
                }

                first ??= (part, details);
            }
        }

        return first;
    }

    private async Task<IResult> MakeAsync(
        HttpContext http, MediaItem item, VariantOwner owner, string key, CancellationToken cancellationToken)
    {
        var sender = http.GetCaller().KeyId ?? http.Connection.RemoteIpAddress?.ToString() ?? "";
        var result = await requests.GetAsync(owner, key, sender, cancellationToken);
        return result.Outcome switch
        {
            VariantOutcome.Made => Download(result.Variant!, item),
            VariantOutcome.Failed => VariantErrors.Of(result.Failure!),
            VariantOutcome.Pending => VariantErrors.Pending(),
            VariantOutcome.Busy => VariantErrors.Busy(),
            _ => MediaErrors.NotFound(item.Id),
        };
    }

    private BlobDownload Download(StoredVariant variant, MediaItem item)
    {
        times.Record(variant);
        return new BlobDownload(blobs, variant.Blob, logger)
        {
            LastModified = variant.CreatedAt,
            IsPublic = item.IsPublic,
            MaxAge = s_sharedFor,
            Lost = () => MediaErrors.VariantLost(item.Id),
        };
    }
}
