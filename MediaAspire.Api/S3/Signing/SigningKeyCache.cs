using System.Collections.Concurrent;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Keeps the signing keys of the last days and regions, which spares four of a request's five HMACs.</summary>
/// <remarks>
/// Only keys that a right signature was made with are kept, so nobody without a secret can fill it. When full it starts anew: the keys in
/// use are back within a request each, and yesterday's are gone.
/// </remarks>
internal sealed class SigningKeyCache(int capacity = 4096)
{
    private readonly ConcurrentDictionary<(string Secret, string Date, string Region), SigningKey> _keys = new();

    public int Count => _keys.Count;

    public SigningKey Get(string secret, CredentialScope scope) =>
        _keys.TryGetValue((secret, scope.Date, scope.Region), out var key) ? key : SigningKey.Derive(secret, scope.Date, scope.Region);

    public void Keep(string secret, CredentialScope scope, SigningKey key)
    {
        var id = (secret, scope.Date, scope.Region);
        if (_keys.ContainsKey(id))
        {
            return;
        }

        if (_keys.Count >= capacity)
        {
            _keys.Clear();
        }

        _keys[id] = key;
    }
}
