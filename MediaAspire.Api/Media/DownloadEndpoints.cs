using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Downloading items: <c>/media/{id}/download</c> and <c>/media/{id}/links</c>.</summary>
internal static class DownloadEndpoints
{
    private const int MaxFilenameLength = 150;

    public static void MapDownloads(this RouteGroupBuilder media)
    {
        media.MapGet("/{id}/download", Download).WithName("DownloadMedia").RequireAuthorization(Policies.MediaReadOrPublic)
            .WithSummary("Go to the bytes of a part; public items need no key")
            .Produces(StatusCodes.Status307TemporaryRedirect).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        media.MapGet("/{id}/links", Links).WithName("GetMediaLinks").RequireAuthorization(Policies.MediaReadOrPublic)
            .WithSummary("Get the address of every part; public items need no key")
            .Produces<LinksResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<IResult> Download(
        HttpContext http,
        string id,
        int? part,
        string? rename,
        string? owner,
        MediaQueries queries,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        var (item, problem) = await FindAsync(http, id, owner, queries, cancellationToken);
        if (item is null)
        {
            return problem!;
        }

        if (rename is not null && !MediaText.IsValid(rename, 1, MaxFilenameLength))
        {
            return MediaErrors.InvalidField(FieldFault.Of("rename", "must have 1 to 150 characters, without control characters"));
        }

        var number = part ?? 1;
        if (item.Parts.FirstOrDefault(candidate => candidate.Number == number) is not { } wanted)
        {
            return MediaErrors.PartNotFound(item.Id, number, item.Parts.Length);
        }

        var filename = rename is not null ? Filenames.Clean(rename)
            : item.Parts.Length == 1 ? Filenames.OfOnlyPart(item)
            : Filenames.Of(item)[item.Parts.IndexOf(wanted)];
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(downloads.AddressOf(item, wanted, filename).Url, permanent: false, preserveMethod: true);
    }

    private static async Task<IResult> Links(
        HttpContext http,
        string id,
        string? types,
        bool? rename,
        string? owner,
        MediaQueries queries,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        var (item, problem) = await FindAsync(http, id, owner, queries, cancellationToken);
        if (item is null)
        {
            return problem!;
        }

        var wanted = types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var names = Filenames.Of(item);
        var isNamed = rename is true || !item.IsPublic;
        var files = item.Parts.Zip(names)
            .Where(file => wanted is null || wanted.Contains(file.First.Type, StringComparer.Ordinal)).ToList();
        var addresses = files.ConvertAll(file => downloads.AddressOf(item, file.First, isNamed ? file.Second : null));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new LinksResponse(
                item.Id.Value,
                item.Name,
                files.ConvertAll(file => FileOf(file.First, file.Second)),
                addresses.ConvertAll(address => address.Url),
                item.Owner.Value,
                addresses.Min(address => address.ExpiresAt)),
            MediaJson.Default.LinksResponse);
    }

    private static LinkedFile FileOf(MediaPart part, string filename) =>
        new(part.Number, part.Type, part.ContentType, part.Size, part.Sha256.ToString(), filename);

    private static async Task<(MediaItem? Item, IResult? Problem)> FindAsync(
        HttpContext http, string id, string? owner, MediaQueries queries, CancellationToken cancellationToken)
    {
        MediaId mediaId = default;
        if ((MediaSenders.Select(http, owner, out var sender) ?? MediaAnswers.ParseId(id, sender, out mediaId)) is { } problem)
        {
            return (null, problem);
        }

        return await queries.FindAsync(mediaId, sender, cancellationToken) switch
        {
            { Item: { Status: MediaStatus.Ready } item } => (item, null),
            { Item: { } unready } => (null, MediaErrors.NotReady(unready)),
            var refused => (null, MediaAnswers.Refuse(refused.Refusal!)),
        };
    }
}
