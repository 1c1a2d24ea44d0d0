using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Media;
using MediaAspire.Api.Security;
using MediaAspire.Core.Media;
using MediaAspire.Core.Tags;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Tags;

/// <summary>The tags of the media catalog: <c>/tags</c>.</summary>
internal static class TagEndpoints
{
    private const string Json = "application/json";
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static IEndpointRouteBuilder MapTags(this IEndpointRouteBuilder routes)
    {
        var tags = routes.MapGroup("/tags").WithTags("Tags").WithAuditedProblems()
            .WithMetadata(new RequestSizeLimitAttribute(MediaBody.MaxBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        tags.MapPost("", Create).WithName("CreateTag").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Create a tag, which stays without items too").Accepts<CreateTagRequest>(Json)
            .Produces<TagResponse>(StatusCodes.Status201Created).Produces<TagResponse>();
        tags.MapGet("", List).WithName("ListTags").RequireAuthorization(Policies.MediaRead)
            .WithSummary("List tags with the numbers of their items, in the order of their code points").Produces<TagsResponse>();
        tags.MapGet("/{tag}", Get).WithName("GetTag").RequireAuthorization(Policies.MediaRead)
            .WithSummary("Get a tag with the number of its items").Produces<TagResponse>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        tags.MapPatch("/{tag}", Rename).WithName("RenameTag").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Rename a tag on every item of an owner; 202 while a job changes many items")
            .Accepts<RenameTagRequest>(Json).Produces<TagChangeResponse>().Produces<TagChangeResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound);
        tags.MapDelete("/{tag}", Delete).WithName("DeleteTag").RequireAuthorization(Policies.MediaWrite)
            .WithSummary("Remove a tag from every item of an owner; 202 while a job changes many items")
            .Produces<TagChangeResponse>().Produces<TagChangeResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound);
        tags.MapGet("/changes/{id:guid}", GetChange).WithName("GetTagChange").RequireAuthorization(Policies.MediaRead)
            .WithSummary("Get the progress of a rename or deletion").Produces<TagChangeResponse>()
            .ProducesProblem(StatusCodes.Status404NotFound);

        return routes;
    }

    private static async Task<IResult> Create(HttpContext http, TagCatalog catalog, CancellationToken cancellationToken)
    {
        var (request, malformed) = await MediaBody.ReadAsync(http, TagJson.Default.CreateTagRequest);
        if (request is null)
        {
            return malformed!;
        }

        if (MediaOwners.Select(http.GetCaller(), request.Owner, out var owner) is { } problem)
        {
            return problem;
        }

        if (!MediaTags.TryParse(request.Name, out var name))
        {
            return TagErrors.Invalid("name");
        }

        var isNew = await catalog.CreateAsync(owner, name, cancellationToken);
        var created = TagResponse.Of(await catalog.FindAsync(owner, name, cancellationToken) ?? new TagSummary(name, 0, null));
        if (isNew)
        {
            http.Response.Headers.Location = $"/tags/{Uri.EscapeDataString(name)}";
        }

        return TypedResults.Json(
            created, TagJson.Default.TagResponse, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> List(
        HttpContext http,
        TagCatalog catalog,
        CancellationToken cancellationToken,
        [FromQuery, Description("The beginning of the tags; it is normalized like a tag.")] string? prefix = null,
        [FromQuery, Description("Only tags after this one; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Tags on a page, 1 to 1000.")] int limit = DefaultLimit,
        [FromQuery, Description("The owner; all owners together by default, for a key that is bound to no owner.")] string? owner = null)
    {
        if (MediaSenders.Select(http, owner, out var sender) is { } problem)
        {
            return problem;
        }

        if (limit is < 1 or > MaxLimit)
        {
            return TagErrors.InvalidLimit(limit, MaxLimit);
        }

        var beginning = "";
        if (prefix is { Length: > 0 } && !MediaTags.TryParse(prefix, out beginning))
        {
            return TagErrors.Invalid("prefix");
        }

        if (after is { Length: > 0 } && !MediaTags.TryParse(after, out _))
        {
            return TagErrors.Invalid("after");
        }

        var page = await catalog.ListAsync(sender.Owner, beginning!, after ?? "", limit, cancellationToken);
        return TypedResults.Json(
            new TagsResponse([.. page.Select(TagResponse.Of)], page.Count < limit ? null : page[^1].Name), TagJson.Default.TagsResponse);
    }

    private static async Task<IResult> Get(
        HttpContext http, string tag, string? owner, TagCatalog catalog, CancellationToken cancellationToken)
    {
        if ((MediaSenders.Select(http, owner, out var sender) ?? ParseTag(http, tag, out tag)) is { } problem)
        {
            return problem;
        }

        return await catalog.FindAsync(sender.Owner, tag, cancellationToken) is { } found
            ? TypedResults.Json(TagResponse.Of(found), TagJson.Default.TagResponse)
            : TagErrors.NotFound(tag);
    }

    private static async Task<IResult> Rename(
        HttpContext http, string tag, string? owner, TagRenamer renamer, CancellationToken cancellationToken)
    {
        var (request, malformed) = await MediaBody.ReadAsync(http, TagJson.Default.RenameTagRequest);
        if (request is null)
        {
            return malformed!;
        }

        return MediaTags.TryParse(request.Name, out var name)
            ? await ChangeAsync(http, tag, owner, name, renamer, cancellationToken)
            : TagErrors.Invalid("name");
    }

    private static Task<IResult> Delete(
        HttpContext http, string tag, string? owner, TagRenamer renamer, CancellationToken cancellationToken) =>
        ChangeAsync(http, tag, owner, newTag: null, renamer, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        HttpContext http, string tag, string? owner, string? newTag, TagRenamer renamer, CancellationToken cancellationToken)
    {
        if ((MediaOwners.Select(http.GetCaller(), owner, out var selected) ?? ParseTag(http, tag, out tag)) is { } problem)
        {
            return problem;
        }

        if (tag == newTag)
        {
            return TagErrors.SameName(tag);
        }

        if (await renamer.ChangeAsync(selected, tag, newTag, cancellationToken) is not { } change)
        {
            return TagErrors.NotFound(tag);
        }

        if (change.FinishedAt is null)
        {
            http.Response.Headers.Location = $"/tags/changes/{change.Id}";
        }

        return TypedResults.Json(
            TagChangeResponse.Of(change),
            TagJson.Default.TagChangeResponse,
            statusCode: change.FinishedAt is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static async Task<IResult> GetChange(
        HttpContext http, Guid id, TagChanges changes, CancellationToken cancellationToken)
    {
        if (MediaSenders.Select(http, named: null, out var sender) is { } problem)
        {
            return problem;
        }

        return await changes.FindAsync(id, cancellationToken) is { } change && sender.ActsFor(change.Owner)
            ? TypedResults.Json(TagChangeResponse.Of(change), TagJson.Default.TagChangeResponse)
            : TagErrors.ChangeNotFound(id);
    }

    // The segments of /tags/{tag}.
    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? ParseTag(HttpContext http, string value, out string tag)
    {
        if (MediaTags.TryParse(PathSegments.Decode(http, 1) ?? value, out var parsed))
        {
            tag = parsed;
            return null;
        }

        tag = value;
        return TagErrors.Invalid("tag");
    }
}
