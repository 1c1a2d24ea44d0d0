using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The owners of keys and data: <c>/admin/owners</c>.</summary>
internal static class OwnerEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapOwners(this RouteGroupBuilder admin)
    {
        var owners = admin.MapGroup("/owners").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        owners.MapPost("", Create).WithName("CreateOwner").WithSummary("Create an owner of keys and data")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        owners.MapGet("", List).WithName("ListOwners").WithSummary("List owners, in the order of their ids")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        owners.MapGet("/{id}", Get).WithName("GetOwner").WithSummary("Show an owner and its quota")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Created<OwnerResponse>, ProblemHttpResult>> Create(
        [FromBody] CreateOwnerRequest? request, OwnerStore owners, CancellationToken cancellationToken)
    {
        if (!OwnerId.TryParse(request?.OwnerId ?? AccessKeyFormat.NewOwnerId(), out var id))
        {
            return OwnerErrors.InvalidId();
        }

        var name = request?.DisplayName ?? id.Value;
        if (!OwnerName.IsValid(name))
        {
            return OwnerErrors.InvalidDisplayName();
        }

        return await owners.CreateAsync(id, name, cancellationToken) is { } owner
            ? TypedResults.Created($"/admin/owners/{Uri.EscapeDataString(id.Value)}", OwnerResponse.Of(owner))
            : OwnerErrors.Exists(id);
    }

    private static async Task<Results<Ok<OwnersResponse>, ProblemHttpResult>> List(
        OwnerStore owners,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only owners with greater ids; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Owners on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return OwnerErrors.InvalidLimit(limit, MaxLimit);
        }

        if (after is { Length: > 0 } && !OwnerId.TryParse(after, out _))
        {
            return OwnerErrors.InvalidId();
        }

        var page = await owners.ListAsync(after ?? "", limit, cancellationToken);
        return TypedResults.Ok(new OwnersResponse([.. page.Select(OwnerResponse.Of)], page.Count < limit ? null : page[^1].Id.Value));
    }

    private static async Task<Results<Ok<OwnerDetailsResponse>, ProblemHttpResult>> Get(
        string id, OwnerStore owners, QuotaCatalog quotas, CancellationToken cancellationToken)
    {
        if (!OwnerId.TryParse(id, out var ownerId))
        {
            return OwnerErrors.InvalidId();
        }

        return await owners.FindAsync(ownerId, cancellationToken) is { } owner
            ? TypedResults.Ok(OwnerDetailsResponse.Of(owner, await quotas.FindAsync(QuotaScope.Of(ownerId), cancellationToken)))
            : OwnerErrors.NotFound(ownerId);
    }
}
