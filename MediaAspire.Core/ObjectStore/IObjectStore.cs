namespace MediaAspire.Core.ObjectStore;

/// <summary>The bucket that clients upload to and download from directly. Thread-safe.</summary>
/// <remarks>Faults of the store are <see cref="ObjectStoreException"/>s, after the retries that the options allow.</remarks>
public interface IObjectStore
{
    /// <summary>Gets the name of the bucket.</summary>
    string Bucket { get; }

    /// <summary>Creates the bucket unless it exists.</summary>
    Task EnsureBucketAsync(CancellationToken cancellationToken);

    /// <summary>Determines whether the bucket exists and may be read.</summary>
    Task<bool> HasBucketAsync(CancellationToken cancellationToken);

    /// <summary>Allows one upload of exactly these bytes: their number, their SHA-256 and their type are signed.</summary>
    /// <param name="key">1 to 1,024 bytes of UTF-8.</param>
    /// <param name="declared">The declared properties of the upload.</param>
    /// <param name="lifetime">One second to seven days; <see langword="null"/> takes <see cref="ObjectStoreOptions.PresignedFor"/>.</param>
    PresignedRequest PresignPut(string key, DeclaredObject declared, TimeSpan? lifetime = null);

    /// <summary>Allows the upload of one part of a multipart upload. Its length is signed; its hash is not.</summary>
    PresignedRequest PresignPart(string key, string uploadId, int partNumber, long length, TimeSpan? lifetime = null);

    /// <summary>Allows downloads, whole or in ranges. Without a call to the store, in a few microseconds.</summary>
    /// <param name="key">The object's key; it need not exist yet.</param>
    /// <param name="lifetime">One second to seven days; <see langword="null"/> takes <see cref="ObjectStoreOptions.PresignedFor"/>.</param>
    /// <param name="contentDisposition">
    /// The <c>Content-Disposition</c> of downloads; <see langword="null"/> leaves the object's own.
    /// </param>
    PresignedRequest PresignGet(string key, TimeSpan? lifetime = null, string? contentDisposition = null);

    /// <summary>
    /// Returns the address of an object for anyone; it works while the object is public, see <see cref="SetPublicAsync"/>.
    /// </summary>
    Uri PublicAddressOf(string key);

    /// <summary>Describes an object.</summary>
    /// <returns><see langword="null"/> when the object does not exist.</returns>
    Task<ObjectDescription?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens the bytes of an object as a stream from the store. The caller disposes it.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="range">The bytes wanted; <see langword="null"/> for all. A range that begins after the end gives no bytes.</param>
    /// <param name="cancellationToken">Ends the call; reading the stream takes a token of its own.</param>
    /// <returns><see langword="null"/> when the object does not exist. Reading fails with an <see cref="IOException"/>.</returns>
    Task<Stream?> OpenReadAsync(string key, ObjectRange? range, CancellationToken cancellationToken);

    /// <summary>Copies an object within the bucket, metadata included; the store moves the bytes. An existing object is replaced.</summary>
    /// <param name="sourceKey">The object to copy, of at most 5 GiB.</param>
    /// <param name="destinationKey">The key of the copy.</param>
    /// <param name="etag">The entity tag that the source must have; <see langword="null"/> for any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<CopyOutcome> CopyAsync(string sourceKey, string destinationKey, string? etag, CancellationToken cancellationToken);

    /// <summary>Puts a small object, for the platform itself. An existing object is replaced.</summary>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken);

    /// <summary>Puts an object of any size, for the platform itself. An existing object is replaced.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="content">The bytes, from the current position to the end; a retry begins at that position again.</param>
    /// <param name="sha256">32 bytes; the store refuses content with another SHA-256.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task PutAsync(string key, FileStream content, ReadOnlyMemory<byte> sha256, string contentType, CancellationToken cancellationToken);

    /// <summary>Deletes an object, if it exists.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists objects in the byte order of their keys, page by page.</summary>
    /// <param name="prefix">The beginning of the keys.</param>
    /// <param name="after">The key after which the page begins; <see langword="null"/> for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ObjectPage> ListAsync(string prefix, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Lets anyone read an object, or only its owner.</summary>
    Task<AccessOutcome> SetPublicAsync(string key, bool isPublic, CancellationToken cancellationToken);

    /// <summary>Begins an upload in parts.</summary>
    /// <returns>The store's id of the upload.</returns>
    Task<string> BeginMultipartAsync(string key, string contentType, CancellationToken cancellationToken);

    /// <summary>Lists the parts that an upload has, in the order of their numbers.</summary>
    /// <returns><see langword="null"/> when the upload does not exist: it was completed or aborted.</returns>
    Task<IReadOnlyList<UploadedPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken);

    /// <summary>Puts a part of an upload, for the platform itself. An existing part of the number is replaced.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="uploadId">The store's id of the upload.</param>
    /// <param name="number">1 to 10,000.</param>
    /// <param name="content">The bytes, from the current position to the end; a retry begins at that position again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ObjectStoreException">The upload does not exist any more, or the store failed.</exception>
    Task<UploadedPart> PutPartAsync(
        string key, string uploadId, int number, FileStream content, CancellationToken cancellationToken);

    /// <summary>Makes an object of parts.</summary>
    /// <returns>
    /// <see langword="true"/> when the object was made; <see langword="false"/> when the upload or a part does not exist.
    /// </returns>
    Task<bool> CompleteMultipartAsync(
        string key, string uploadId, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken);

    /// <summary>Deletes the parts of an upload, if it exists. Its addresses do not work afterwards.</summary>
    Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellationToken);

    /// <summary>Lists uploads in parts that are under way, in the order of their keys, page by page.</summary>
    /// <param name="prefix">The beginning of the keys.</param>
    /// <param name="after">The last upload of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<PendingUpload>> ListMultipartAsync(
        string prefix, PendingUpload? after, int limit, CancellationToken cancellationToken);
}
