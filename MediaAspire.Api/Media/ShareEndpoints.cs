using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Shares;
using MediaAspire.Core.ObjectStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>Links by which anyone downloads an item until they expire: <c>/media/{id}/shares</c> and <c>/shares/{token}</c>.</summary>
internal static class ShareEndpoints
{
    private const int MaxFilenameLength = 150;
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const string Json = "application/json";

    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapShares(this RouteGroupBuilder media)
    {
        media.MapPost("/{id}/shares", Create).WithName("ShareMedia").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Make a link by which anyone downloads an item until it expires; the only response that shows it")
            .Accepts<ShareRequest>(Json).Produces<ShareResponse>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        media.MapGet("/{id}/shares", List).WithName("ListMediaShares").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("List the links of an item that have not expired").Produces<SharesResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapGet("/shares", ListAll).WithName("ListShares").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("List the links of all items that have not expired, the newest first").Produces<SharedItemsResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        media.MapDelete("/{id}/shares/{share}", Delete).WithName("DeleteMediaShare").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("End a link").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Maps the links themselves. The secret in the path is the right.</summary>
    public static void MapSharedMedia(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("").WithTags("Media").WithAuditedProblems()
            .MapMethods("/shares/{token}", s_reads, Open).WithName("GetSharedMedia").AllowAnonymous()
            .WithSummary("Go to the bytes of a shared item; no key is needed")
            .Produces(StatusCodes.Status307TemporaryRedirect).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Create(
        HttpContext http,
        string id,
        string? owner,
        MediaQueries queries,
        MediaShareStore shares,
        IOptions<MediaDownloadOptions> options,
        CancellationToken cancellationToken)
    {
        var (item, problem) = await FindAsync(http, id, owner, queries, cancellationToken);
        if (item is null)
        {
            return problem!;
        }

        var (request, malformed) = await MediaBody.ReadAsync(http, MediaJson.Default.ShareRequest);
        if (request is null)
        {
            return malformed!;
        }

        if (request.ExpiresIn is not { } seconds || seconds < s_shortest.TotalSeconds || seconds > s_longest.TotalSeconds)
        {
            return MediaErrors.InvalidField(FieldFault.Of("expiresIn", "must be 60 to 31622400 seconds"));
        }

        if (request.Name is not null && !MediaText.IsValid(request.Name, 1, MaxFilenameLength))
        {
            return MediaErrors.InvalidField(FieldFault.Of("name", "must have 1 to 150 characters, without control characters"));
        }

        var caller = http.GetCaller();
        var (secret, token) = ShareToken.Create();
        var share = await shares.CreateAsync(
            item.Id, token, TimeSpan.FromSeconds(seconds), request.Name, caller.KeyId ?? caller.Subject, cancellationToken);
        if (share is null)
        {
            return ShareErrors.TooMany(item.Id);
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = $"/media/{item.Id}/shares/{share.Id}";
        var described = ShareResponse.Of(share) with { Url = $"{options.Value.PublicAddress?.TrimEnd('/')}/shares/{secret}" };
        return TypedResults.Json(described, MediaJson.Default.ShareResponse, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(
        HttpContext http, string id, string? owner, MediaQueries queries, MediaShareStore shares, CancellationToken cancellationToken)
    {
        var (item, problem) = await FindAsync(http, id, owner, queries, cancellationToken);
        return item is null
            ? problem!
            : TypedResults.Json(
                new SharesResponse([.. (await shares.ListAsync(item.Id, cancellationToken)).Select(ShareResponse.Of)]),
                MediaJson.Default.SharesResponse);
    }

    private static async Task<IResult> ListAll(
        HttpContext http,
        MediaShareStore shares,
        CancellationToken cancellationToken,
        [Description("Only items of this owner.")] string? owner = null,
        [Description("Only links older than this one; the last page's \"next\".")] string? after = null,
        [Range(1, MaxLimit), Description("Links on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (MediaSenders.Select(http, owner, out var sender) is { } problem)
        {
            return problem;
        }

        if (limit is < 1 or > MaxLimit)
        {
            return ShareErrors.InvalidLimit(limit, MaxLimit);
        }

        Guid last = default;
        if (after is not null && !Guid.TryParseExact(after, "D", out last))
        {
            return ShareErrors.InvalidPosition(after);
        }

        var page = await shares.ListAsync(sender.Owner, after is null ? null : last, limit, cancellationToken);
        return TypedResults.Json(
            new SharedItemsResponse([.. page.Select(SharedItemResponse.Of)], page.Count < limit ? null : page[^1].Share.Id),
            MediaJson.Default.SharedItemsResponse);
    }

    private static async Task<IResult> Delete(
        HttpContext http,
        string id,
        string share,
        string? owner,
        MediaQueries queries,
        MediaShareStore shares,
        CancellationToken cancellationToken)
    {
        var (item, problem) = await FindAsync(http, id, owner, queries, cancellationToken);
        if (item is null)
        {
            return problem!;
        }

        return Guid.TryParseExact(share, "D", out var shareId) && await shares.DeleteAsync(item.Id, shareId, cancellationToken)
            ? TypedResults.NoContent()
            : ShareErrors.NotFound();
    }

    private static async Task<IResult> Open(
        HttpContext http,
        string token,
        MediaQueries queries,
        MediaShareStore shares,
        IObjectStore objects,
        FailedAuthentications failures,
        IOptions<MediaDownloadOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // The path is a secret, and must not be in the audit log.
        var details = http.GetAuditDetails();
        (details.Action, details.Resource) = ("OpenMediaShare", "/shares");
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex";

        var address = http.Connection.RemoteIpAddress;
        if (failures.RefusedFor(address) is var refusedFor && refusedFor > TimeSpan.Zero)
        {
            failures.CountRefusal();
            return TooMany(http, refusedFor);
        }

        // One answer for a link that never was, has expired or was ended, and for an item that is gone.
        if (!ShareToken.TryParse(token, out var parsed) || await shares.OpenAsync(parsed, cancellationToken) is not { } share)
        {
            var decision = await failures.CountAsync(address, cancellationToken);
            return decision.IsAllowed ? ShareErrors.NotFound() : TooMany(http, decision.RetryAfter);
        }

        details.Resource = $"/media/{share.Media}/shares/{share.Id}";
        var found = await queries.FindAsync(share.Media, MediaSender.Application, cancellationToken);
        if (found.Item is not { Status: MediaStatus.Ready } item)
        {
            return ShareErrors.NotFound();
        }

        // The address of the object must not outlive the link.
        var left = share.ExpiresAt - time.GetUtcNow();
        var lifetime = left < options.Value.DownloadsFor ? left : options.Value.DownloadsFor;
        if (lifetime < TimeSpan.FromSeconds(1))
        {
            return ShareErrors.NotFound();
        }

        var filename = share.Filename is { } name ? Filenames.Clean(name)
            : item.Parts.Length == 1 ? Filenames.OfOnlyPart(item)
            : Filenames.Of(item)[0];
        return TypedResults.Redirect(
            objects.PresignGet(item.Parts[0].ObjectKey, lifetime, Filenames.ToDisposition(filename)).Url.OriginalString,
            permanent: false,
            preserveMethod: true);
    }

    private static ProblemHttpResult TooMany(HttpContext http, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = RetryAfters.SecondsOf(retryAfter);
        return ShareErrors.TooManyGuesses(retryAfter);
    }

    private static async Task<(MediaItem? Item, IResult? Problem)> FindAsync(
        HttpContext http, string id, string? owner, MediaQueries queries, CancellationToken cancellationToken)
    {
        MediaId mediaId = default;
        if ((MediaSenders.Select(http, owner, out var sender) ?? MediaAnswers.ParseId(id, sender, out mediaId)) is { } problem)
        {
            return (null, problem);
        }

        var found = await queries.FindAsync(mediaId, sender, cancellationToken);

        // A public item is found by everybody, and shared by its owner only.
        return found.Item is { } item
            ? sender.ActsFor(item.Owner) ? (item, null)
                : (null, MediaErrors.Of(MediaResult.Of(item.Id, MediaRefusalReason.OwnerForbidden).Refusal!))
            : (null, MediaAnswers.Refuse(found.Refusal!));
    }
}
