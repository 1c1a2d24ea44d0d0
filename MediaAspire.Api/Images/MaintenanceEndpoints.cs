using System.ComponentModel;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Images;
using MediaAspire.Core.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Images;

/// <summary>Maintenance of images, for operators: <c>/admin/images</c>.</summary>
internal static class MaintenanceEndpoints
{
    private const int MostOrphans = 1000;

    public static void MapMaintenance(this RouteGroupBuilder admin)
    {
        admin.MapGet("/not-found", GetNotFound).WithName("GetImageForNotFound")
            .WithSummary("Show which image is sent for one that does not exist")
            .Produces<NotFoundRequest>().ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapPut("/not-found", SetNotFound).WithName("SetImageForNotFound")
            .WithSummary("Choose the image that is sent, with 404, for one that does not exist")
            .Produces<NotFoundRequest>().ProducesProblems(400, 404);
        admin.MapDelete("/not-found", RemoveNotFound).WithName("RemoveImageForNotFound")
            .WithSummary("Send a problem document again for images that do not exist")
            .ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapGet("/prune-missing", GetPrune).WithName("GetImagePrune")
            .WithSummary("Show the progress of the last search for images whose bytes are missing")
            .Produces<PruneResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapPost("/prune-missing", StartPrune).WithName("StartImagePrune")
            .WithSummary("Look for images whose bytes are missing, and delete them unless it is a dry run")
            .Produces<PruneResponse>(StatusCodes.Status202Accepted).ProducesProblems(400, 409);
        admin.MapGet("/orphans", ListOrphans).WithName("ListImageOrphans")
            .WithSummary("List images without an alias, blobs without an owner, and objects without a blob")
            .Produces<OrphansResponse>().ProducesProblems(400, 503);
    }

    private static async Task<Results<Ok<NotFoundRequest>, ProblemHttpResult>> GetNotFound(
        ImageSettings settings, CancellationToken cancellationToken) =>
        await settings.GetAsync(ImageSettings.NotFound, cancellationToken) is { } alias
            ? TypedResults.Ok(new NotFoundRequest(alias))
            : ImageErrors.NoNotFoundImage();

    private static async Task<Results<Ok<NotFoundRequest>, ProblemHttpResult>> SetNotFound(
        NotFoundRequest request, ImageSettings settings, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        if (!ImageAlias.TryParse(request.Alias, out var alias))
        {
            return ImageErrors.InvalidAlias(request.Alias);
        }

        if (await catalog.FindAsync(alias, cancellationToken) is null)
        {
            return ImageErrors.AliasNotFound(alias);
        }

        await settings.SetAsync(ImageSettings.NotFound, alias.Value, cancellationToken);
        return TypedResults.Ok(new NotFoundRequest(alias.Value));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveNotFound(
        ImageSettings settings, CancellationToken cancellationToken) =>
        await settings.RemoveAsync(ImageSettings.NotFound, cancellationToken) ? TypedResults.NoContent() : ImageErrors.NoNotFoundImage();

    private static async Task<Results<Ok<PruneResponse>, ProblemHttpResult>> GetPrune(
        ImagePrunes prunes, CancellationToken cancellationToken) =>
        await prunes.FindLatestAsync(cancellationToken) is { } run ? TypedResults.Ok(PruneResponse.Of(run)) : ImageErrors.NoPrune();

    private static async Task<Results<Accepted<PruneResponse>, ProblemHttpResult>> StartPrune(
        ImagePrunes prunes,
        IJobQueue jobs,
        TimeProvider time,
        CancellationToken cancellationToken,
        [FromQuery, Description("Report only, and delete nothing.")] bool dryRun = true)
    {
        if (await prunes.TryStartAsync(dryRun, cancellationToken) is not { } id)
        {
            return ImageErrors.PruneRuns();
        }

        // A job that is lost here is enqueued again by a duty.
        await jobs.EnqueueAsync(PruneImages.Of(id, time), cancellationToken);
        var run = await prunes.FindLatestAsync(cancellationToken);
        return TypedResults.Accepted("/admin/images/prune-missing", PruneResponse.Of(run!));
    }

    private static async Task<Results<Ok<OrphansResponse>, ProblemHttpResult>> ListOrphans(
        string? after, ImageOrphans orphans, CancellationToken cancellationToken)
    {
        if (after is { Length: > 1024 })
        {
            return ImageErrors.InvalidQuery("The parameter \"after\" is longer than 1,024 characters.");
        }

        var (objects, next) = await orphans.ListObjectsAsync(after, cancellationToken);
        return TypedResults.Ok(new OrphansResponse(
            [.. (await orphans.ListImagesAsync(MostOrphans, cancellationToken)).Select(image => image.Value)],
            [.. (await orphans.ListBlobsAsync(MostOrphans, cancellationToken)).Select(blob => blob.Value)],
            [.. objects.Select(each => new OrphanObject(each.Key, each.Length, each.LastModified))],
            next));
    }
}
