using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>The images by their contents and aliases, for operators: <c>/admin/images</c>.</summary>
/// <remarks>Purging an alias and purging an image with all of its aliases are different routes, each named for what it deletes.</remarks>
internal static class RepositoryEndpoints
{
    private const int DefaultLimit = 100;
    private const int MostLimit = 1000;

    public static void MapRepository(this RouteGroupBuilder admin)
    {
        admin.MapGet("/hashes", ListHashes).WithName("ListImageHashes")
            .WithSummary("List images in the order of their hashes, with their aliases")
            .Produces<HashPageResponse>().ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapGet("/hashes/{hex}/aliases", ListAliasesOfHash).WithName("ListAliasesOfImageHash")
            .WithSummary("List the aliases of an image by its hash")
            .Produces<AliasesResponse>().ProducesProblems(400, 404);
        admin.MapDelete("/hashes/{hex}", PurgeHash).WithName("PurgeImageHash")
            .WithSummary("Delete an image by its hash, with all of its aliases and variants")
            .Produces<AliasesResponse>().ProducesProblems(400, 404);
        admin.MapGet("/aliases/{alias}/aliases", ListAliasesOfAlias).WithName("ListAliasesOfImage")
            .WithSummary("List all aliases of the image that an alias names")
            .Produces<AliasesResponse>().ProducesProblems(400, 404);
        admin.MapDelete("/aliases/{alias}", PurgeAlias).WithName("PurgeImageAlias")
            .WithSummary("Delete one alias without its token; the other aliases of the image stay")
            .Produces(StatusCodes.Status204NoContent).ProducesProblems(400, 404);
        admin.MapGet("/aliases/{alias}/identifier", GetIdentifier).WithName("GetImageIdentifier")
            .WithSummary("Show where the bytes of an image are stored")
            .Produces<IdentifierResponse>().ProducesProblems(400, 404);
        admin.MapDelete("/aliases/{alias}/variants", DeleteVariants).WithName("DeleteImageVariants")
            .WithSummary("Delete the variants of an image; they are made again when they are asked for")
            .Produces<DeletedVariantsResponse>().ProducesProblems(400, 404);
        admin.MapPost("/import", Import).WithName("ImportImage")
            .WithSummary("Make an image of a file that the platform has already")
            .Produces<UploadedResponse>(StatusCodes.Status201Created).Produces<BackgroundedResponse>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 404, 413, 422);
    }

    private static async Task<Results<Ok<HashPageResponse>, ProblemHttpResult>> ListHashes(
        int? limit, string? from, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        var size = limit ?? DefaultLimit;
        if (size is < 1 or > MostLimit)
        {
            return ImageErrors.InvalidQuery($"The parameter \"limit\" must be a number from 1 to {MostLimit}, not {size}.");
        }

        ImageHash? first = null;
        if (from is not null && !ImageHash.TryParse(from, out first))
        {
            return ImageErrors.InvalidHash(from);
        }

        var page = await catalog.ListHashesAsync(first, size, cancellationToken);
        return TypedResults.Ok(new HashPageResponse(
            size,
            page.Images.Count > 0 ? page.Images[0].Image.Hash.ToString() : null,
            page.Next?.ToString(),
            page.Previous?.ToString(),
            [.. page.Images.Select(HashResponse.Of)]));
    }

    private static async Task<Results<Ok<AliasesResponse>, ProblemHttpResult>> ListAliasesOfHash(
        string hex, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        if (!ImageHash.TryParse(hex, out var hash))
        {
            return ImageErrors.InvalidHash(hex);
        }

        return await catalog.FindIdAsync(hash, cancellationToken) is { } image
            ? TypedResults.Ok(AliasesResponse.Of(hash, await catalog.ListAliasesAsync(image, cancellationToken)))
            : ImageErrors.HashNotFound(hash);
    }

    private static async Task<Results<Ok<AliasesResponse>, ProblemHttpResult>> PurgeHash(
        string hex, ImageCatalog catalog, IOptionsMonitor<ImageOptions> options, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.ReadOnly)
        {
            return ImageErrors.ReadOnly();
        }

        if (!ImageHash.TryParse(hex, out var hash))
        {
            return ImageErrors.InvalidHash(hex);
        }

        return await catalog.FindIdAsync(hash, cancellationToken) is { } image
            && await catalog.DeleteImageAsync(image, cancellationToken) is { } aliases
                ? TypedResults.Ok(AliasesResponse.Of(hash, aliases))
                : ImageErrors.HashNotFound(hash);
    }

    private static Task<Results<Ok<AliasesResponse>, ProblemHttpResult>> ListAliasesOfAlias(
        string alias, ImageCatalog catalog, CancellationToken cancellationToken) => WithImageAsync(
            alias,
            catalog,
            async found => AliasesResponse.Of(found.Image.Hash, await catalog.ListAliasesAsync(found.Image.Id, cancellationToken)),
            cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> PurgeAlias(
        string alias, ImageCatalog catalog, IOptionsMonitor<ImageOptions> options, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.ReadOnly)
        {
            return ImageErrors.ReadOnly();
        }

        if (!ImageAlias.TryParse(alias, out var parsed))
        {
            return ImageErrors.InvalidAlias(alias);
        }

        return await catalog.DeleteAsync([parsed], cancellationToken) == 1 ? TypedResults.NoContent() : ImageErrors.AliasNotFound(parsed);
    }

    private static Task<Results<Ok<IdentifierResponse>, ProblemHttpResult>> GetIdentifier(
        string alias, ImageCatalog catalog, CancellationToken cancellationToken) =>
        WithImageAsync(alias, catalog, found => Task.FromResult(IdentifierResponse.Of(found.Image.Blob)), cancellationToken);

    private static Task<Results<Ok<DeletedVariantsResponse>, ProblemHttpResult>> DeleteVariants(
        string alias, ImageCatalog catalog, CancellationToken cancellationToken) => WithImageAsync(
            alias,
            catalog,
            async found => new DeletedVariantsResponse("ok", await catalog.DeleteVariantsAsync(found.Image.Id, cancellationToken)),
            cancellationToken);

    private static async Task<IResult> Import(
        HttpContext http,
        ImportRequest request,
        UploadFlow flow,
        ImageImport import,
        IOptionsMonitor<ImageUploadOptions> options,
        CancellationToken cancellationToken)
    {
        ImageAlias alias = default;
        if (request.Alias is not null && !ImageAlias.TryParse(request.Alias, out alias))
        {
            return ImageErrors.InvalidAlias(request.Alias);
        }

        var wishes = new UploadWishes { Alias = request.Alias is null ? null : alias.Value };
        var file = new FileId(request.FileId);
        return await flow.ReceiveAsync(
            http.GetCaller(),
            request.Owner,
            async (owner, _) =>
            {
                try
                {
                    return await import.ReceiveAsync(file, owner, wishes, cancellationToken) switch
                    {
                        (false, _) => ([], ImageErrors.FileNotFound(file)),
                        (_, null) => ([], ImageErrors.EmptyFile()),
                        (_, { } upload) => ([upload], null),
                    };
                }
                catch (FileWriteException failure)
                {
                    return ([], ImageErrors.WriteFailed(failure, options.CurrentValue.MaxSize));
                }
            },
            flow.FinishAsync,
            cancellationToken);
    }

    private static async Task<Results<Ok<T>, ProblemHttpResult>> WithImageAsync<T>(
        string alias, ImageCatalog catalog, Func<AliasedImage, Task<T>> answer, CancellationToken cancellationToken)
    {
        if (!ImageAlias.TryParse(alias, out var parsed))
        {
            return ImageErrors.InvalidAlias(alias);
        }

        return await catalog.FindAsync(parsed, cancellationToken) is { } found
            ? TypedResults.Ok(await answer(found))
            : ImageErrors.AliasNotFound(parsed);
    }
}
