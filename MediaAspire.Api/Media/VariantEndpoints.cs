using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Pictures of items: <c>/media/{id}/process.{ext}</c> and <c>/media/{id}/poster</c>.</summary>
internal static class VariantEndpoints
{
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
        HttpContext http, string id, string ext, MediaQueries queries, MediaVariants variants, CancellationToken cancellationToken) =>
        GetAsync(http, id, ext, isStill: false, queries, variants, cancellationToken);

    private static Task<IResult> Poster(
        HttpContext http, string id, MediaQueries queries, MediaVariants variants, CancellationToken cancellationToken) =>
        GetAsync(http, id, "auto", isStill: true, queries, variants, cancellationToken);

    private static async Task<IResult> GetAsync(
        HttpContext http,
        string id,
        string extension,
        bool isStill,
        MediaQueries queries,
        MediaVariants variants,
        CancellationToken cancellationToken)
    {
        MediaId mediaId = default;
        var owner = http.Request.Query[MediaVariants.OwnerParameter] is [{ } named] ? named : null;
        if ((MediaSenders.Select(http, owner, out var sender) ?? MediaAnswers.ParseId(id, sender, out mediaId)) is { } problem)
        {
            return problem;
        }

        return await queries.FindAsync(mediaId, sender, cancellationToken) switch
        {
            { Item: { Status: MediaStatus.Ready } item } => await variants.GetAsync(http, item, extension, isStill, cancellationToken),
            { Item: { } unready } => MediaErrors.NotReady(unready),
            var refused => MediaAnswers.Refuse(refused.Refusal!),
        };
    }
}
