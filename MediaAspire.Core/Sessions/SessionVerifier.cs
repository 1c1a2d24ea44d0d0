using System.Net;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Caching;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Sessions;

/// <summary>Decides whether a session is valid.</summary>
/// <remarks>
/// Thread-safe. A process caches sessions as long as keys (<see cref="ApiKeyOptions.KeysCachedFor"/>): a session that another process has
/// ended works that long. Tokens that do not exist are not cached. Few look-ups run at a time.
/// </remarks>
public sealed class SessionVerifier(SessionStore store, ApiKeyVerifier keys, IOptions<ApiKeyOptions> options, TimeProvider time)
    : IDisposable
{
    private const int Capacity = 10_000;
    private const int MostLookUps = 4;

    private readonly ExpiringCache<SessionToken, Session> _sessions = new(Capacity, options.Value.KeysCachedFor, time);
    private readonly SemaphoreSlim _lookUps = new(MostLookUps);
    private long _ends;

    /// <summary>Determines whether verifying a session costs no look-up in the database.</summary>
    public bool IsCached(SessionToken token) => _sessions.TryGet(token, out _);

    /// <summary>Verifies a session.</summary>
    /// <param name="token">The token of the cookie.</param>
    /// <param name="address">The client's address, which a key may restrict; <see langword="null"/> when it is unknown.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public async ValueTask<SessionVerification> VerifyAsync(
        SessionToken token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGet(token, out var session))
        {
            session = await ReadAsync(token, cancellationToken);
        }

        if (session is null || time.GetElapsedTime(session.ReadAt) >= session.ValidFor)
        {
            return new(ApiKeyOutcome.Invalid, null, null);
        }

        if (session.Key is not { } signedIn)
        {
            return new(ApiKeyOutcome.Valid, session, null);
        }

        var verified = await keys.VerifyAsync(signedIn.Id, signedIn.SecretHash, address, cancellationToken);
        return new(verified.Outcome, verified.Outcome == ApiKeyOutcome.Valid ? session : null, verified.Key);
    }

    /// <summary>Removes a session from this process, which has ended it.</summary>
    public void Forget(SessionToken token)
    {
        Interlocked.Increment(ref _ends);
        _sessions.Remove(token);
    }

    public void Dispose() => _lookUps.Dispose();

    private async Task<Session?> ReadAsync(SessionToken token, CancellationToken cancellationToken)
    {
        await _lookUps.WaitAsync(cancellationToken);
        try
        {
            var ends = Interlocked.Read(ref _ends);
            if (await store.OpenAsync(token, cancellationToken) is not { } session)
            {
                return null;
            }

            _sessions.Set(token, session, session.ReadAt);
            if (Interlocked.Read(ref _ends) != ends)
            {
                // It may have been read before its end, and kept after it.
                _sessions.Remove(token);
            }

            return session;
        }
        finally
        {
            _lookUps.Release();
        }
    }
}

/// <param name="Outcome">The outcome.</param>
/// <param name="Session">The session when it is valid.</param>
/// <param name="Key">The key of a valid session that was signed in with one.</param>
public readonly record struct SessionVerification(ApiKeyOutcome Outcome, Session? Session, ApiKey? Key);
