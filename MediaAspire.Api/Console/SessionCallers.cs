using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Sessions;

namespace MediaAspire.Api.Console;

/// <summary>The senders that sessions stand for.</summary>
internal static class SessionCallers
{
    /// <param name="session">A valid session.</param>
    /// <param name="key">Its key; <see langword="null"/> for a person.</param>
    public static Caller Of(Session session, ApiKey? key) =>
        key is not null ? Caller.Of(key)
        : session.Person is { } person ? Of(person)
        : throw new InvalidOperationException($"The session of {session.Name} has neither a key nor a person.");

    public static Caller Of(SignedInPerson person) =>
        new(CallerKind.Person, null, person.Owner) { Scopes = ApiScopeNames.Combine(person.Scopes), Subject = person.Subject };
}
