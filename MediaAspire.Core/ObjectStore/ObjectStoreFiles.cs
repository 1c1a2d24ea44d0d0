namespace MediaAspire.Core.ObjectStore;

/// <summary>Local copies of objects.</summary>
public static class ObjectStoreFiles
{
    /// <summary>Writes the bytes of an object to a new local file.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="path">The file, which does not exist. After a failure it may exist in part.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="false"/> when the object does not exist.</returns>
    /// <exception cref="ObjectStoreException">The store refused or did not answer.</exception>
    /// <exception cref="IOException">The connection to the store ended, or the file cannot be written.</exception>
    public static async Task<bool> TryCopyToFileAsync(
        this IObjectStore store, string key, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var content = await store.OpenReadAsync(key, range: null, cancellationToken);
        if (content is null)
        {
            return false;
        }

        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await content.CopyToAsync(file, cancellationToken);
        return true;
    }
}
