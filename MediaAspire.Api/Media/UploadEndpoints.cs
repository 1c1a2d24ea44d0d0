using System.ComponentModel;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>Creating items, and uploading their parts to the object store.</summary>
internal static class UploadEndpoints
{
    private const int MaxExpires = 86_400;

    public static void MapUploads(this RouteGroupBuilder media)
    {
        var uploads = media.MapGroup("").RequireAuthorization(Policies.MediaWrite)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        uploads.MapPost("", Create).WithName("CreateMedia")
            .WithSummary("Create an item, and get the addresses that take its parts")
            .WithDescription(
                "Send `parts`, or `contentType`, `size` and `sha256` for an item of one part. Each part of the answer has an `upload`: "
                + "send the bytes there, with exactly its headers, and then finalize the item.")
            .AddOpenApiOperationTransformer((operation, _, _) => MediaOpenApi.DescribeNewMedia(operation))
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        uploads.MapPost("/{id}/uploads", Renew).WithName("RenewUploads")
            .WithSummary("Get new addresses for the parts that are still to be uploaded")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone);
        uploads.MapPost("/{id}/finalize", FinalizeItem).WithName("FinalizeMedia")
            .WithSummary("Verify the uploaded parts against the object store; the last one starts processing")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        uploads.MapPost("/finalize", FinalizeById).WithName("FinalizeMediaById")
            .WithSummary("Verify the uploaded parts of the item that the body names")
            .AddOpenApiOperationTransformer((operation, _, _) => MediaOpenApi.DescribeFinalize(operation))
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Created<MediaResponse>, ProblemHttpResult>> Create(
        HttpContext http, CreateMedia create, IOptions<MediaUploadOptions> options, CancellationToken cancellationToken)
    {
        var (input, problem) = await MediaBody.ReadAsync(http, MediaJson.Default.NewMediaInput);
        if (input is null)
        {
            return problem!;
        }

        if (MediaOwners.Select(http.GetCaller(), input.Owner, out var owner) is { } forbidden)
        {
            return forbidden;
        }

        if (!NewMediaRules.TryParse(input, options.Value, out var media, out var fault))
        {
            return MediaErrors.InvalidField(fault);
        }

        return await create.CreateAsync(owner, media, cancellationToken) switch
        {
            CreateResult.Created created => TypedResults.Created(
                $"/media/{created.Item.Id}", UploadResponses.Of(created.Item, created.Uploads)),
            CreateResult.AliasTaken taken => MediaErrors.AliasTaken(taken.Conflict),
            CreateResult.ReferencesRefused refused => MediaErrors.ReferencesForbidden(refused.Faults),
            var other => throw new InvalidOperationException($"{other} is not a result of creating media."),
        };
    }

    private static async Task<Results<Ok<MediaResponse>, ProblemHttpResult>> Renew(
        string id,
        HttpContext http,
        RenewUploads uploads,
        CancellationToken cancellationToken,
        [FromQuery, Description("Lifetime of the addresses, in seconds, 1 to 86,400; 900 by default.")] int? expires = null)
    {
        if (!MediaId.TryParse(id, out var mediaId))
        {
            return MediaErrors.InvalidId(id);
        }

        if (expires is < 1 or > MaxExpires)
        {
            return UploadErrors.InvalidExpires();
        }

        TimeSpan? lifetime = expires is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var result = await uploads.RenewAsync(mediaId, MediaOwners.BoundTo(http.GetCaller()), lifetime, cancellationToken);
        return result.State switch
        {
            { Status: FinishStatus.NotFound } => MediaErrors.NotFound(mediaId),
            { Status: FinishStatus.NotUploaded, Item: { } item } => TypedResults.Ok(UploadResponses.Of(item, result.Uploads)),
            { Status: FinishStatus.Uploaded or FinishStatus.Verifying, Item: { } item } => UploadErrors.NotPending(item),
            var state => UploadErrors.OfState(state),
        };
    }

    private static async Task<Results<Ok<MediaResponse>, ProblemHttpResult>> FinalizeItem(
        string id, HttpContext http, FinalizeMedia finalize, CancellationToken cancellationToken)
    {
        if (!MediaId.TryParse(id, out var mediaId))
        {
            return MediaErrors.InvalidId(id);
        }

        var result = await finalize.FinalizeAsync(mediaId, MediaOwners.BoundTo(http.GetCaller()), cancellationToken);
        return result switch
        {
            { Status: FinishStatus.NotFound } => MediaErrors.NotFound(mediaId),
            { Status: FinishStatus.Uploaded or FinishStatus.Verifying, Item: { } item } =>
                TypedResults.Ok(UploadResponses.Of(item, uploads: [])),
            _ => UploadErrors.OfState(result),
        };
    }

    private static async Task<Results<Ok<MediaResponse>, ProblemHttpResult>> FinalizeById(
        HttpContext http, FinalizeMedia finalize, CancellationToken cancellationToken)
    {
        var (request, problem) = await MediaBody.ReadAsync(http, MediaJson.Default.FinalizeRequest);
        return request is null ? problem! : await FinalizeItem(request.Id, http, finalize, cancellationToken);
    }
}

/// <param name="Id">The id of the item.</param>
public sealed record FinalizeRequest(string Id);
