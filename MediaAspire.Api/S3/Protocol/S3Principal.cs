using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The sender of a request.</summary>
/// <param name="OwnerId">The canonical id of the key's owner; <see langword="null"/> when the request is not signed.</param>
/// <param name="DisplayName">The display name of the owner.</param>
/// <param name="AccessKeyId">The key that signed the request.</param>
internal sealed record S3Principal(string? OwnerId, string DisplayName, string? AccessKeyId)
{
    public static S3Principal Anonymous { get; } = new(null, "", null);

    public bool IsAnonymous => OwnerId is null;

    /// <summary>Gets the sender as the parts of the API that do not speak S3 know it.</summary>
    public Caller ToCaller() => OwnerId is null ? Caller.Anonymous : new(CallerKind.AccessKey, AccessKeyId, new OwnerId(OwnerId));
}
