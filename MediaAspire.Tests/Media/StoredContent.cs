using System.Collections.Concurrent;
using System.Security.Cryptography;
using MediaAspire.Core.Media;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Tests.Media;

/// <summary>An object store in memory that is read and described, and fails on demand. Its other methods are not supported.</summary>
internal sealed class StoredContent : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new();

    public string Bucket => "media";

    /// <summary>Gets or sets the action before an object is read or described; it may throw or wait.</summary>
    public Func<string, CancellationToken, Task> BeforeRead { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets the most bytes that a read has asked for.</summary>
    public long LargestRead { get; private set; }

    public void Put(MediaPart part, byte[] content) => _objects[part.ObjectKey] = content;

    public async Task<ObjectDescription?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        await BeforeRead(key, cancellationToken);
        return _objects.TryGetValue(key, out var content)
            ? new ObjectDescription(content.Length, "etag", SHA256.HashData(content), "text/plain", DateTimeOffset.UnixEpoch)
            : null;
    }

    public async Task<Stream?> OpenReadAsync(string key, ObjectRange? range, CancellationToken cancellationToken)
    {
        await BeforeRead(key, cancellationToken);
        if (!_objects.TryGetValue(key, out var content))
        {
            return null;
        }

        var (offset, length) = range ?? new ObjectRange(0, content.Length);
        LargestRead = Math.Max(LargestRead, length);
        return new MemoryStream(content, (int)offset, (int)Math.Min(length, content.Length - offset), writable: false);
    }

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> HasBucketAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public PresignedRequest PresignPut(string key, DeclaredObject declared, TimeSpan? lifetime = null) => throw new NotSupportedException();

    public PresignedRequest PresignPart(string key, string uploadId, int partNumber, long length, TimeSpan? lifetime = null) =>
        throw new NotSupportedException();

    public PresignedRequest PresignGet(string key, TimeSpan? lifetime = null, string? contentDisposition = null) =>
        throw new NotSupportedException();

    public Uri PublicAddressOf(string key) => throw new NotSupportedException();

    public Task<CopyOutcome> CopyAsync(string sourceKey, string destinationKey, string? etag, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task PutAsync(
        string key, FileStream content, ReadOnlyMemory<byte> sha256, string contentType, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ObjectPage> ListAsync(string prefix, string? after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<AccessOutcome> SetPublicAsync(string key, bool isPublic, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<string> BeginMultipartAsync(string key, string contentType, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<UploadedPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<UploadedPart> PutPartAsync(
        string key, string uploadId, int number, FileStream content, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> CompleteMultipartAsync(
        string key, string uploadId, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<PendingUpload>> ListMultipartAsync(
        string prefix, PendingUpload? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
