using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>Variants of images: <c>/images/{alias}/process.{ext}</c>.</summary>
internal static class VariantEndpoints
{
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapVariants(this RouteGroupBuilder images)
    {
        images.MapMethods("/{alias}/process.{ext}", s_reads, Get).WithName("GetImageVariant")
            .RequireAuthorization(Policies.ImagesReadOrPublic).LimitTransfers()
            .WithSummary("Get a picture after operations on it, in the order of the query; HEAD finds it once it is made")
            .ProducesBlob().ProducesProblems(400, 403, 404, 416, 422, 503);
        images.MapPost("/{alias}/process_backgrounded.{ext}", Ask).WithName("RequestImageVariant")
            .RequireAuthorization(Policies.ImagesWrite)
            .WithSummary("Have a variant made without waiting for it")
            .Produces<VariantRequested>(StatusCodes.Status202Accepted).ProducesProblems(400, 403, 404, 422, 503);
    }

    private static async Task<IResult> Get(
        HttpContext http,
        string alias,
        string ext,
        VariantReads variants,
        VariantPresets presets,
        UrlSignatures signatures,
        CancellationToken cancellationToken)
    {
        ImageAlias image = default;
        VariantWish? wish = null;
        if (ImageGrant.Read(http, signatures, out var pairs, out var grant) is { } refused)
        {
            return refused;
        }

        if ((variants.Authorize(http, grant) ?? Read(http, alias, ext, pairs, presets, out image, out wish)) is { } problem)
        {
            return problem;
        }

        return variants.Refuse(wish!, grant) ?? await variants.GetAsync(http, image, wish!, grant, cancellationToken);
    }

    private static async Task<IResult> Ask(
        HttpContext http,
        string alias,
        string ext,
        VariantReads variants,
        VariantPresets presets,
        CancellationToken cancellationToken)
    {
        var pairs = VariantQuery.ReadPairs(http.Request.QueryString.Value);
        if (Read(http, alias, ext, pairs, presets, out var image, out var wish) is { } problem)
        {
            return problem;
        }

        return variants.Refuse(wish!, ImageGrant.None) ?? await variants.AskAsync(http, image, wish!, cancellationToken);
    }

    private static ProblemHttpResult? Read(
        HttpContext http,
        string alias,
        string ext,
        IReadOnlyList<KeyValuePair<string, string>> pairs,
        VariantPresets presets,
        out ImageAlias image,
        out VariantWish? wish)
    {
        wish = null;
        return ImageAlias.TryParse(alias, out image)
            ? ReadWish(http, ext, pairs, presets, out wish)
            : ImageErrors.InvalidAlias(alias);
    }

    /// <summary>Reads the operations of a request.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? ReadWish(
        HttpContext http,
        string ext,
        IReadOnlyList<KeyValuePair<string, string>> pairs,
        VariantPresets presets,
        out VariantWish? wish)
    {
        if (VariantQuery.Read(pairs, ext, presets.All, out wish) is { } fault)
        {
            return VariantErrors.Of(fault);
        }

        if (wish!.HasAutomaticFormat)
        {
            // Also on errors: a cache must not give one sender the refusal of another.
            http.Response.Headers.Append("Vary", "Accept");
        }

        return null;
    }
}
