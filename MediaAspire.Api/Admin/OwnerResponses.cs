using System.ComponentModel;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.Admin;

/// <summary>An owner to create.</summary>
internal sealed record CreateOwnerRequest
{
    [Description("The id that keys and data refer to; without it one is made.")]
    public string? OwnerId { get; init; }

    [Description("The name for people; without it the id.")]
    public string? DisplayName { get; init; }
}

/// <param name="OwnerId">The id that keys and data refer to.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="CreatedAt">By the database's clock.</param>
internal sealed record OwnerResponse(string OwnerId, string DisplayName, DateTimeOffset CreatedAt)
{
    public static OwnerResponse Of(Owner owner) => new(owner.Id.Value, owner.DisplayName, owner.CreatedAt);
}

/// <param name="OwnerId">The id that keys and data refer to.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="Quota">Its quota and usage; null when none is set.</param>
internal sealed record OwnerDetailsResponse(string OwnerId, string DisplayName, DateTimeOffset CreatedAt, QuotaResponse? Quota)
{
    public static OwnerDetailsResponse Of(Owner owner, Quota? quota) =>
        new(owner.Id.Value, owner.DisplayName, owner.CreatedAt, quota is null ? null : QuotaResponse.Of(quota));
}

/// <param name="Owners">The page, in the order of the ids.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record OwnersResponse(IReadOnlyList<OwnerResponse> Owners, string? Next);
