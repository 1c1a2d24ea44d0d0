using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Changing, removing and cloning items: <c>/media/{id}</c> and below.</summary>
internal static class ItemChangeEndpoints
{
    private const string Json = "application/json";

    public static void MapItemChanges(this RouteGroupBuilder media)
    {
        media.MapPatch("/{id}", Update).WithName("UpdateMedia").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Change fields of an item; those that are not sent stay, and an empty text clears one")
            .Accepts<MediaFieldInput>(Json).Produces<MediaResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status418ImATeapot);
        media.MapPost("/{id}/tags", AddTags).WithName("AddMediaTags").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Add tags to an item; at most 20 in all").Accepts<TagsRequest>(Json).Produces<MediaResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapDelete("/{id}/tags/{tag}", RemoveTag).WithName("RemoveMediaTag").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Remove a tag from an item").Produces<MediaResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        media.MapPut("/{id}/access", SetAccess).WithName("SetMediaAccess").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Make an item and its objects public or private; 202 while the object store has still to follow")
            .Accepts<AccessRequest>(Json).Produces<MediaResponse>().Produces<MediaResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        media.MapDelete("/{id}", Remove).WithName("RemoveMedia").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Delete an item and its bytes, or with soft=true move it to the trash")
            .Produces(StatusCodes.Status204NoContent).Produces<MediaResponse>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status418ImATeapot);
        media.MapPost("/{id}/restore", Restore).WithName("RestoreMedia").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Take an item back from the trash, with another alias when its own was taken meanwhile")
            .Produces<MediaResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        media.MapPost("/{id}/clone", Clone).WithName("CloneMedia").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Copy an item's fields to a new item that shares its bytes").Accepts<CloneRequest>(Json)
            .Produces<MediaResponse>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<IResult> Update(
        HttpContext http, string id, string? owner, MediaEditor editor, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        var (input, malformed) = await MediaBody.ReadAsync(http, MediaJson.Default.MediaFieldInput);
        if (input is null)
        {
            return malformed!;
        }

        return MediaFields.TryParse(input, out var change, out var fault)
            ? MediaAnswers.Of(
                http,
                await editor.UpdateAsync(mediaId, sender, change, MediaAnswers.VersionsOf(http.Request), cancellationToken),
                downloads)
            : MediaErrors.InvalidField(fault);
    }

    private static async Task<IResult> AddTags(
        HttpContext http, string id, string? owner, MediaEditor editor, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        var (request, malformed) = await MediaBody.ReadAsync(http, MediaJson.Default.TagsRequest);
        if (request is null)
        {
            return malformed!;
        }

        return MediaTags.TryParse(request.Tags, out var tags, out var fault)
            ? MediaAnswers.Of(http, await editor.AddTagsAsync(mediaId, sender, tags, cancellationToken), downloads)
            : MediaErrors.InvalidField(fault);
    }

    private static async Task<IResult> RemoveTag(
        HttpContext http,
        string id,
        string tag,
        string? owner,
        MediaEditor editor,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        // The segments of /media/{id}/tags/{tag}.
        return MediaTags.TryParse(PathSegments.Decode(http, 3) ?? tag, out var normal)
            ? MediaAnswers.Of(http, await editor.RemoveTagAsync(mediaId, sender, normal, cancellationToken), downloads)
            : MediaErrors.InvalidField(FieldFault.Of("tag", $"must be {MediaTags.Rule}"));
    }

    private static async Task<IResult> SetAccess(
        HttpContext http, string id, string? owner, MediaEditor editor, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        var (request, malformed) = await MediaBody.ReadAsync(http, MediaJson.Default.AccessRequest);
        if (request is null)
        {
            return malformed!;
        }

        var (result, isApplied) = await editor.SetAccessAsync(mediaId, sender, request.Public, cancellationToken);
        return MediaAnswers.Of(http, result, downloads, isApplied ? null : StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Remove(
        HttpContext http,
        string id,
        bool? soft,
        string? owner,
        MediaEditor editor,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        if (soft is true)
        {
            return MediaAnswers.Of(http, await editor.MoveToTrashAsync(mediaId, sender, cancellationToken), downloads);
        }

        var result = await editor.DeleteAsync(mediaId, sender, cancellationToken);
        return result.Refusal is { } refusal ? MediaAnswers.Refuse(refusal) : TypedResults.NoContent();
    }

    private static async Task<IResult> Restore(
        HttpContext http,
        string id,
        string? alias,
        string? owner,
        MediaEditor editor,
        MediaDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        return MediaFields.TryParse(new MediaFieldInput { Alias = alias }, out var change, out var fault)
            ? MediaAnswers.Of(http, await editor.RestoreAsync(mediaId, sender, change.Alias, cancellationToken), downloads)
            : MediaErrors.InvalidField(fault);
    }

    private static async Task<IResult> Clone(
        HttpContext http, string id, string? owner, MediaEditor editor, MediaDownloads downloads, CancellationToken cancellationToken)
    {
        if (Select(http, id, owner, out var sender, out var mediaId) is { } problem)
        {
            return problem;
        }

        // Without a body, only the times and the alias differ.
        var (request, malformed) = http.Request.ContentLength == 0 || http.Request.ContentType is null
            ? (new CloneRequest(), null)
            : await MediaBody.ReadAsync(http, MediaJson.Default.CloneRequest);
        if (request is null)
        {
            return malformed!;
        }

        MediaOwner? cloneOwner = null;
        if (request.Owner is { } named)
        {
            if (!MediaOwner.TryParse(named, out var parsed))
            {
                return MediaErrors.InvalidOwner(named);
            }

            cloneOwner = parsed;
        }

        if (CheckClone(request) is { } invalid || !MediaFields.TryParse(request, out var change, out invalid))
        {
            return MediaErrors.InvalidField(invalid);
        }

        var isPublic = request.Access is { } access ? access == "public" : (bool?)null;
        var result = await editor.CloneAsync(mediaId, sender, cloneOwner, isPublic, change, cancellationToken);
        if (result.Item is { } clone)
        {
            http.Response.Headers.Location = $"/media/{clone.Id}";
        }

        return MediaAnswers.Of(http, result, downloads, StatusCodes.Status201Created);
    }

    private static FieldFault? CheckClone(CloneRequest request) => request switch
    {
        { References: not null } => FieldFault.Of("references", "is not possible for a clone; change it afterwards"),
        { Access: not (null or "public" or "private") } => FieldFault.Of("access", "must be public or private"),
        _ => null,
    };

    private static IResult? Select(HttpContext http, string id, string? owner, out MediaSender sender, out MediaId mediaId)
    {
        mediaId = default;
        return MediaSenders.Select(http, owner, out sender) ?? MediaAnswers.ParseId(id, sender, out mediaId);
    }
}
