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
