using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Images;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Deleting and listing aliases: <c>DELETE /images/{alias}</c> and <c>GET /images</c>.</summary>
internal static class AliasEndpoints
{
    private const int DefaultLimit = 100;
    private const int MostLimit = 1000;

    public static void MapAliases(this RouteGroupBuilder images)
    {
        images.MapDelete("/{alias}", Delete).WithName("DeleteImageAlias").RequireAuthorization(Policies.ImagesWriteOrToken)
            .WithSummary("Delete one alias by its delete token, or by a key; the last alias of an image deletes the image")
            .ProducesProblems(400, 403, 404);
        images.MapGet("/", List).WithName("ListImageAliases").RequireAuthorization(Policies.ImagesRead)
            .WithSummary("List the aliases of an owner, the newest first")
            .Produces<AliasListResponse>().ProducesProblems(400, 403);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        HttpContext http,
        string alias,
        string? token,
        ImageCatalog catalog,
        IOptionsMonitor<ImageOptions> options,
        CancellationToken cancellationToken)
    {
        if (options.CurrentValue.ReadOnly)
        {
            return ImageErrors.ReadOnly();
        }

        if (!ImageAlias.TryParse(alias, out var parsed))
        {
            return ImageErrors.InvalidAlias(alias);
        }

        if (await RefuseAsync(http.GetCaller(), parsed, token, catalog, cancellationToken) is { } problem)
        {
            return problem;
        }

        return await catalog.DeleteAsync([parsed], cancellationToken) == 1 ? TypedResults.NoContent() : ImageErrors.AliasNotFound(parsed);
    }

    /// <returns>The reason why the sender may not delete the alias; <see langword="null"/> when it may.</returns>
    private static async Task<ProblemHttpResult?> RefuseAsync(
        Caller sender, ImageAlias alias, string? token, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        if (token is null)
        {
            // The policy has let through a key with images:write only.
            return await catalog.FindAsync(alias, cancellationToken) is { } image && ImageAccess.IsVisible(sender, image)
                ? IsOwn(sender, image) ? null : ImageErrors.InvalidDeleteToken()
                : ImageErrors.AliasNotFound(alias);
        }

        if (await catalog.FindTokenHashAsync(alias, cancellationToken) is not { } hash)
        {
            return ImageErrors.AliasNotFound(alias);
        }

        return DeleteToken.TryParse(token, out var parsed) && parsed.Matches(hash) ? null : ImageErrors.InvalidDeleteToken();
    }

    // A key that is bound to an owner reads aliases without an owner, but does not delete them.
    private static bool IsOwn(Caller sender, AliasedImage image) =>
        (sender.Scopes & ApiScopes.ImagesWrite) == ApiScopes.ImagesWrite && (sender.Owner is null || sender.Owner == image.Owner);

    private static async Task<Results<Ok<AliasListResponse>, ProblemHttpResult>> List(
        HttpContext http, string? owner, int? limit, string? after, ImageCatalog catalog, CancellationToken cancellationToken)
    {
        if (OwnerSelector.Select(http.GetCaller(), owner, out var selected) is { } problem)
        {
            return problem;
        }

        var size = limit ?? DefaultLimit;
        if (size is < 1 or > MostLimit)
        {
            return ImageErrors.InvalidQuery($"The parameter \"limit\" must be a number from 1 to {MostLimit}, not {size}.");
        }

        AliasPosition? position = null;
        if (after is not null)
        {
            position = Decode(after);
            if (position is null)
            {
                return ImageErrors.InvalidQuery("The parameter \"after\" is not one that an earlier page has returned.");
            }
        }

        var page = await catalog.ListAsync(selected, position, size, cancellationToken);
        return TypedResults.Ok(new AliasListResponse(
            [
                .. page.Select(each => new ListedAlias(each.Alias.Value, each.CreatedAt, ImageDetailsResponse.Of(each.Image))),
            ],
            page.Count == size ? Encode(page[^1]) : null));
    }

    private static string Encode(AliasedImage last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks} {last.Alias}")));

    private static AliasPosition? Decode(string cursor)
    {
        var bytes = new byte[300];
        if (cursor.Length > 400 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
        {
            return null;
        }

        return Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is [var time, var text]
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks && ImageAlias.TryParse(text, out var alias)
                ? new AliasPosition(new DateTimeOffset(ticks, TimeSpan.Zero), alias)
                : null;
    }
}
