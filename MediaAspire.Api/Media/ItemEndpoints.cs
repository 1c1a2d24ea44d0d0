using System.Text.Json;
using MediaAspire.Api.Security;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Reading items: <c>/media/{id}</c>, <c>/media/by-alias</c> and <c>/media/head</c>.</summary>
internal static class ItemEndpoints
{
    private const int MaxAliases = 1000;

    public static void MapItems(this RouteGroupBuilder media)
    {
        media.MapGet("/{id}", Get).WithName("GetMedia").RequireAuthorization(Policies.MediaReadOrPublic)
            .WithSummary("Get an item with an address for each part; public items need no key")
            .Produces<MediaResponse>().Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapGet("/by-alias/{owner}/{alias}", GetByAlias).WithName("GetMediaByAlias")
            .RequireAuthorization(Policies.MediaReadOrPublic)
            .WithSummary("Get an item by its owner and alias; public items need no key")
            .Produces<MediaResponse>().Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapGet("/{id}/data", GetData).WithName("GetMediaData").RequireAuthorization(Policies.MediaRead)
            .WithSummary("Get chosen fields of an item")
            .Produces<IReadOnlyDictionary<string, JsonElement>>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapPost("/head", Head).WithName("FindMediaAliases").RequireAuthorization(Policies.MediaRead)
            .WithSummary("Find the ids of an owner's aliases").Accepts<HeadRequest>("application/json")
            .Produces<HeadResponse>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Get(
        HttpContext http, string id, string? owner, MediaQueries queries, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (MediaSenders.Select(http, owner, out var sender) is { } problem)
        {
            return problem;
        }

        return MediaAnswers.ParseId(id, sender, out var mediaId)
            ?? Read(http, await queries.FindAsync(mediaId, sender, cancellationToken), downloads);
    }

    private static async Task<IResult> GetByAlias(
        HttpContext http, string owner, string alias, MediaQueries queries, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (MediaSenders.Select(http, named: null, out var sender) is { } problem)
        {
            return problem;
        }

        // The segments of /media/by-alias/{owner}/{alias}.
        var (ownerText, aliasText) = (PathSegments.Decode(http, 2) ?? owner, PathSegments.Decode(http, 3) ?? alias);
        if (!MediaOwner.TryParse(ownerText, out var mediaOwner))
        {
            return sender.IsAnonymous ? TypedResults.Challenge() : MediaErrors.InvalidOwner(ownerText);
        }

        if (!MediaAlias.TryParse(aliasText, out var mediaAlias))
        {
            return sender.IsAnonymous ? TypedResults.Challenge() : MediaErrors.InvalidAlias(aliasText);
        }

        if (await queries.FindByAliasAsync(mediaOwner, mediaAlias, sender, cancellationToken) is { } result)
        {
            return Read(http, result, downloads);
        }

        // Whether an owner has an alias is for that owner alone.
        return sender.IsAnonymous ? TypedResults.Challenge()
            : sender.ActsFor(mediaOwner) ? MediaErrors.AliasNotFound(mediaOwner, mediaAlias)
            : MediaErrors.OwnerForbidden();
    }

    private static IResult Read(HttpContext http, MediaResult result, MediaDownloads downloads)
    {
        if (result.Item is { } item && MediaAnswers.IsKnown(http.Request, item))
        {
            http.Response.Headers.ETag = MediaAnswers.TagOf(item);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return MediaAnswers.Of(http, result, downloads);
    }

    private static async Task<IResult> GetData(
        HttpContext http,
        string id,
        string? fields,
        string? owner,
        MediaQueries queries,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (MediaSenders.Select(http, owner, out var sender) is { } problem)
        {
            return problem;
        }

        var wanted = fields?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (wanted.Length == 0 || wanted.Except(MediaData.Fields).FirstOrDefault() is not null)
        {
            return MediaErrors.UnknownFields(wanted.Except(MediaData.Fields).FirstOrDefault(), MediaData.Fields);
        }

        if (MediaAnswers.ParseId(id, sender, out var mediaId) is { } invalid)
        {
            return invalid;
        }

        var result = await queries.FindAsync(mediaId, sender, cancellationToken);
        return result.Item is { } item
            ? TypedResults.Json(MediaData.Select(downloads.Describe(item), wanted), MediaJson.Default.IReadOnlyDictionaryStringJsonElement)
            : MediaAnswers.Refuse(result.Refusal!);
    }

    private static async Task<IResult> Head(HttpContext http, MediaQueries queries, CancellationToken cancellationToken)
    {
        var (request, malformed) = await MediaBody.ReadAsync(http, MediaJson.Default.HeadRequest);
        if (request is null)
        {
            return malformed!;
        }

        if (MediaOwners.Select(http.GetCaller(), request.Owner, out var owner) is { } problem)
        {
            return problem;
        }

        var aliases = new List<MediaAlias>();
        foreach (var text in request.Aliases)
        {
            if (aliases.Count == MaxAliases || !MediaAlias.TryParse(text, out var alias))
            {
                return MediaErrors.InvalidField(FieldFault.Of("aliases", $"must be at most {MaxAliases} aliases of {MediaAlias.Rule}"));
            }

            aliases.Add(alias);
        }

        return await queries.FindAliasesAsync(owner, aliases, cancellationToken) is { } ids
            ? TypedResults.Json(new HeadResponse([.. ids.Select(found => found?.Value)]), MediaJson.Default.HeadResponse)
            : MediaErrors.NoAliases(owner);
    }
}
