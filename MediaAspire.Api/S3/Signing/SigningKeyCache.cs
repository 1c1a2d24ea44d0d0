using MediaAspire.Core.Caching;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Keeps the signing keys of the last day, which saves four of a request's five HMACs.</summary>
/// <remarks>Only keys that a correct signature was made with are kept, so a sender without a secret cannot fill it.</remarks>
internal sealed class SigningKeyCache(TimeProvider time, int capacity = 4096)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);

    private readonly ExpiringCache<(string Secret, string Date, string Region), SigningKey> _keys = new(capacity, s_lifetime, time);

    public int Count => _keys.Count;

    public SigningKey Get(string secret, CredentialScope scope) =>
        _keys.TryGet((secret, scope.Date, scope.Region), out var key) ? key : SigningKey.Derive(secret, scope.Date, scope.Region);

    public void Keep(string secret, CredentialScope scope, SigningKey key)
    {
        var id = (secret, scope.Date, scope.Region);
        if (!_keys.TryGet(id, out _))
        {
            _keys.Set(id, key);
        }
    }
}
