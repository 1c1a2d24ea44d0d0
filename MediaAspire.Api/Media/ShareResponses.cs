using System.ComponentModel;
using MediaAspire.Core.Media.Shares;

namespace MediaAspire.Api.Media;

/// <summary>A link to make.</summary>
public sealed record ShareRequest(
    [property: Description("Seconds for which the link works, 60 to 31622400.")] long? ExpiresIn,
    [property: Description("The name under which browsers save the item; without it, the item's own.")] string? Name);

/// <summary>A link.</summary>
internal sealed record ShareResponse(
    Guid Id,
    [property: Description("The address; only the response that makes the link has it.")] string? Url,
    string? Name,
    DateTimeOffset CreatedAt,
    [property: Description("The key or the person that made it.")] string? CreatedBy,
    DateTimeOffset ExpiresAt)
{
    public static ShareResponse Of(MediaShare share) =>
        new(share.Id, null, share.Filename, share.CreatedAt, share.CreatedBy, share.ExpiresAt);
}

/// <summary>The links of an item that have not expired, the newest first.</summary>
internal sealed record SharesResponse(IReadOnlyList<ShareResponse> Shares);

/// <summary>Links to items, the newest first.</summary>
internal sealed record SharedItemsResponse(
    IReadOnlyList<SharedItemResponse> Shares,
    [property: Description("The next page's \"after\"; missing on the last one.")] Guid? Next);

/// <summary>A link and its item.</summary>
internal sealed record SharedItemResponse(
    Guid Id,
    [property: Description("The id of the item.")] string Media,
    [property: Description("The name of the item.")] string MediaName,
    string Owner,
    [property: Description("The name under which browsers save it; missing for the item's own.")] string? Name,
    DateTimeOffset CreatedAt,
    [property: Description("The key or the person that made it.")] string? CreatedBy,
    DateTimeOffset ExpiresAt)
{
    public static SharedItemResponse Of(SharedItem item) => new(
        item.Share.Id, item.Share.Media.ToString(), item.Name, item.Owner.Value, item.Share.Filename, item.Share.CreatedAt,
        item.Share.CreatedBy, item.Share.ExpiresAt);
}
