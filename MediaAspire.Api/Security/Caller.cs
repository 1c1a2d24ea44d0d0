using MediaAspire.Core.ApiKeys;
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

    /// <summary>Gets the sender of every request while <see cref="SecurityOptions.Open"/> is set.</summary>
    public static Caller Everyone { get; } = Anonymous with { Scopes = ApiScopes.All };

    /// <summary>Gets the scopes of the sender's API key, or of the person.</summary>
    public ApiScopes Scopes { get; init; }

    /// <summary>Gets the person's id at the OpenID Connect server, for a person.</summary>
    public string? Subject { get; init; }

    public static Caller Of(ApiKey key) => new(CallerKind.ApiKey, key.Id, key.Owner) { Scopes = key.Scopes };
}

/// <summary>The ways by which a sender is authenticated.</summary>
internal enum CallerKind
{
    Anonymous,
    ApiKey,
    AccessKey,

    /// <summary>A person who signed in to the console by OpenID Connect.</summary>
    Person,
}
