using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Owners;

/// <summary>An owner of keys, files, buckets and objects.</summary>
/// <param name="Id">The id that everything it owns refers to.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="CreatedAt">By the database's clock.</param>
public sealed record Owner(OwnerId Id, string DisplayName, DateTimeOffset CreatedAt);
