namespace MediaAspire.Core.AccessKeys;

/// <summary>Finds the key that a request names as its signer.</summary>
public interface IAccessKeys
{
    /// <summary>Finds an enabled key.</summary>
    /// <param name="accessKeyId">As the client sent it: of any length and with any characters.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The key; <see langword="null"/> when it does not exist or is disabled.</returns>
    ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken);

    /// <summary>Determines whether a key is found without a look-up in the database.</summary>
    bool IsCached(string accessKeyId);
}
