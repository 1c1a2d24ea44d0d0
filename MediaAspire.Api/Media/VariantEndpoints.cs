using System.Globalization;
using MediaAspire.Api.Images;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Pictures of items: <c>/media/{id}/process.{ext}</c> and <c>/media/{id}/poster</c>.</summary>
internal static class VariantEndpoints
{
    private const string PartParameter = "part";
    private const string OwnerParameter = "owner";

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapVariants(this RouteGroupBuilder media)
    {
        Describe(media.MapMethods("/{id}/process.{ext}", s_reads, Process).WithName("GetMediaVariant")
            .WithSummary("Get a picture or a video of a part after operations on it; public items need no key"));
        Describe(media.MapMethods("/{id}/poster", s_reads, Poster).WithName("GetMediaPoster")
            .WithSummary("Get the picture that shows an item, in a format that the sender accepts; public items need no key"));
    }

    private static void Describe(RouteHandlerBuilder route) => route
        .RequireAuthorization(Policies.MediaReadOrPublic)
        .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent)
        .Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status416RangeNotSatisfiable)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> Process(
        HttpContext http,
        string id,
        string ext,
        MediaQueries queries,
        MediaVariants variants,
        VariantPresets presets,
        UrlSignatures signatures,
        CancellationToken cancellationToken) =>
        GetAsync(http, id, ext, isPoster: false, queries, variants, presets, signatures, cancellationToken);

    private static Task<IResult> Poster(
        HttpContext http,
        string id,
        MediaQueries queries,
        MediaVariants variants,
        VariantPresets presets,
        UrlSignatures signatures,
        CancellationToken cancellationToken) =>
        GetAsync(http, id, "auto", isPoster: true, queries, variants, presets, signatures, cancellationToken);

    private static async Task<IResult> GetAsync(
        HttpContext http,
        string id,
        string extension,
        bool isPoster,
        MediaQueries queries,
        MediaVariants variants,
        VariantPresets presets,
        UrlSignatures signatures,
        CancellationToken cancellationToken)
    {
        MediaId mediaId = default;
        var owner = http.Request.Query[OwnerParameter] is [{ } named] ? named : null;
        if ((MediaSenders.Select(http, owner, out var sender) ?? MediaAnswers.ParseId(id, sender, out mediaId)) is { } refused)
        {
            return refused;
        }

        // Also with a signature, which only allows operations: whether the item may be read is its own matter.
        var result = await queries.FindAsync(mediaId, sender, cancellationToken);
        if (result.Item is not { Status: MediaStatus.Ready } item)
        {
            return result.Item is { } unready ? MediaErrors.NotReady(unready) : MediaAnswers.Refuse(result.Refusal!);
        }

        if (ImageGrant.Read(http, signatures, out var pairs, out var grant) is { } invalid)
        {
            return invalid;
        }

        var (problem, part, wish) = Read(pairs, extension, isPoster, presets);
        if (problem is not null)
        {
            return problem;
        }

        if (wish!.HasAutomaticFormat)
        {
            http.Response.Headers.Append("Vary", "Accept");
        }

        return await variants.GetAsync(http, item, part, wish, grant.IsSigned, cancellationToken);
    }

    private static (IResult? Problem, int? Part, VariantWish? Wish) Read(
        IReadOnlyList<KeyValuePair<string, string>> pairs, string extension, bool isPoster, VariantPresets presets)
    {
        int? part = null;
        var operations = new List<KeyValuePair<string, string>>();
        foreach (var pair in pairs)
        {
            if (pair.Key == PartParameter)
            {
                if (!int.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || part is not null)
                {
                    return (MediaErrors.InvalidPart(pair.Value), null, null);
                }

                part = number;
            }
            else if (pair.Key != OwnerParameter)
            {
                operations.Add(pair);
            }
        }

        var fault = VariantQuery.Read(operations, extension, presets.All, out var wish);
        if (fault is not null)
        {
            return (VariantErrors.Of(fault), null, null);
        }

        return (null, part, isPoster ? wish! with { Request = wish.Request with { TakesOneFrame = true } } : wish);
    }
}
