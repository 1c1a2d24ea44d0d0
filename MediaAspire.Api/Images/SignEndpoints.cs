using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Signed addresses of images: <c>/images/{alias}/sign</c>.</summary>
internal static class SignEndpoints
{
    public static void MapSigning(this RouteGroupBuilder images) =>
        images.MapPost("/{alias}/sign", Sign).WithName("SignImageUrl").RequireAuthorization(Policies.ImagesWrite)
            .WithSummary("Sign an address of an image or a variant, which anyone can read until it expires")
            .Produces<SignedUrlResponse>().ProducesProblems(400, 404, 409);

    private static async Task<IResult> Sign(
        HttpContext http,
        string alias,
        SignUrlRequest? request,
        ImageCatalog catalog,
        VariantPresets presets,
        UrlSignatures signatures,
        IOptions<SigningOptions> options,
        CancellationToken cancellationToken)
    {
        if (!signatures.CanSign)
        {
            return VariantErrors.NoSigningKey();
        }

        if (!ImageAlias.TryParse(alias, out var image))
        {
            return ImageErrors.InvalidAlias(alias);
        }

        var lifetime = request?.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue))
            : options.Value.DefaultLifetime;
        if (lifetime <= TimeSpan.Zero || lifetime > options.Value.MaxLifetime)
        {
            return VariantErrors.InvalidLifetime(options.Value.MaxLifetime);
        }

        var pairs = VariantQuery.ReadPairs(request?.Operations);
        if (Check(request, pairs, presets) is { } problem)
        {
            return problem;
        }

        if (await catalog.FindAsync(image, cancellationToken) is not { } found || !ImageAccess.IsVisible(http.GetCaller(), found))
        {
            return ImageErrors.AliasNotFound(image);
        }

        var path = $"/images/{image}" + (request?.Extension is { } extension ? $"/process.{extension}" : "");
        var signed = signatures.Sign(path, pairs, lifetime);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SignedUrlResponse(signed.PathAndQuery, signed.ExpiresAt));
    }

    private static ProblemHttpResult? Check(
        SignUrlRequest? request, IReadOnlyList<KeyValuePair<string, string>> pairs, VariantPresets presets)
    {
        if (pairs.Any(pair => UrlSignatures.IsParameter(pair.Key)))
        {
            return VariantErrors.InvalidSignRequest("'operations' must not have the parameters of a signature. Leave them out.");
        }

        if (request?.Extension is not { } extension)
        {
            return pairs.Count == 0 ? null
                : VariantErrors.InvalidSignRequest("'operations' needs an 'extension', such as webp, or auto. Name it.");
        }

        return VariantQuery.Read(pairs, extension, presets.All, out _) is { } fault ? VariantErrors.Of(fault) : null;
    }
}

/// <summary>An address to sign.</summary>
/// <param name="Extension">The format of a variant, or <c>auto</c>; without one the original is signed.</param>
/// <param name="Operations">The operations of a variant as a query, such as <c>crop=16x9&amp;resize=320</c>.</param>
/// <param name="ExpiresIn">The time for which the address is valid, in seconds.</param>
public sealed record SignUrlRequest(string? Extension, string? Operations, double? ExpiresIn);

/// <summary>A signed address.</summary>
/// <param name="Url">The path and the query, below the address of this platform.</param>
/// <param name="ExpiresAt">The time from which it is not valid.</param>
public sealed record SignedUrlResponse(string Url, DateTimeOffset ExpiresAt);
