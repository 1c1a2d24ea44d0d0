using MediaAspire.Core.Ids;

namespace MediaAspire.Api.Security;

/// <summary>The sender of a request, as it was authenticated.</summary>
/// <param name="Kind">The way by which it was authenticated.</param>
/// <param name="KeyId">The public id of its key; <see langword="null"/> without one.</param>
/// <param name="Owner">
/// The owner that it acts for, and whose data alone it sees; <see langword="null"/> for a key that is bound to no owner, and without a key.
/// </param>
internal sealed record Caller(CallerKind Kind, string? KeyId, OwnerId? Owner)
{
    public static Caller Anonymous { get; } = new(CallerKind.Anonymous, null, null);
}

/// <summary>The ways by which a sender is authenticated.</summary>
internal enum CallerKind
{
    Anonymous,
    ApiKey,
    AccessKey,
}
