using MediaAspire.Api.Problems;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>Moving all images to the other store: <c>/admin/images/migration</c>.</summary>
internal static class MigrationEndpoints
{
    public static void MapMigration(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/migration");

        group.MapGet("/", Get).WithName("GetImageMigration").WithSummary("Show the store of new images, and the latest migration");
        group.MapPost("/", Start).WithName("StartImageMigration")
            .WithSummary("Move all images to a store, while they are read and written")
            .ProducesProblems(400, 409);
        MapChange(group, "pause", "Pause", "Pause the migration until it is resumed", migrations => migrations.PauseAsync);
        MapChange(group, "resume", "Resume", "Resume the paused migration", migrations => migrations.ResumeAsync);
        MapChange(
            group, "cancel", "Cancel", "End the migration early; what was moved stays where it is", migrations => migrations.CancelAsync);
    }

    private static void MapChange(
        RouteGroupBuilder group,
        string verb,
        string name,
        string summary,
        Func<ImageMigrations, Func<CancellationToken, Task<bool>>> change) =>
        group.MapPost(
                $"/{verb}",
                async Task<Results<Ok<ImageMigrationResponse>, ProblemHttpResult>> (
                    ImageMigrations migrations, ImageBlobs blobs, CancellationToken cancellationToken) =>
                    await change(migrations)(cancellationToken)
                        ? TypedResults.Ok(await DescribeAsync(migrations, blobs, cancellationToken))
                        : ImageMigrationErrors.WrongState(verb))
            .WithName($"{name}ImageMigration").WithSummary(summary).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Ok<ImageMigrationResponse>> Get(
        ImageMigrations migrations, ImageBlobs blobs, CancellationToken cancellationToken) =>
        TypedResults.Ok(await DescribeAsync(migrations, blobs, cancellationToken));

    private static async Task<Results<Ok<ImageMigrationResponse>, ProblemHttpResult>> Start(
        StartImageMigrationRequest request, ImageMigrations migrations, ImageBlobs blobs, CancellationToken cancellationToken)
    {
        if (!StoreNames.TryParse(request.To, out var target))
        {
            return ImageMigrationErrors.UnknownStore(request.To);
        }

        if (request.BytesPerSecond is < 1)
        {
            return ImageMigrationErrors.InvalidRate(request.BytesPerSecond.Value);
        }

        return await migrations.StartAsync(target, request.BytesPerSecond, cancellationToken)
            ? TypedResults.Ok(await DescribeAsync(migrations, blobs, cancellationToken))
            : ImageMigrationErrors.OtherActive();
    }

    private static async Task<ImageMigrationResponse> DescribeAsync(
        ImageMigrations migrations, ImageBlobs blobs, CancellationToken cancellationToken) => new(
        StoreNames.Of(await blobs.FindCurrentStoreAsync(cancellationToken)),
        await migrations.FindProgressAsync(cancellationToken) is { } progress ? MigrationResponse.Of(progress) : null);
}
