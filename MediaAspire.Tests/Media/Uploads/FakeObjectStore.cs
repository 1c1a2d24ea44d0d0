using System.Collections.Concurrent;
using System.Security.Cryptography;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Tests.Media.Uploads;

/// <summary>An object store in memory. Thread-safe.</summary>
internal sealed class FakeObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Key, string Id), SortedDictionary<int, byte[]>> _uploads = new();
    private int _lastUpload;

    public string Bucket => "media";

    /// <summary>Gets or sets a value indicating whether the store tells checksums, as older ones do not.</summary>
    public bool HasChecksums { get; set; } = true;

    /// <summary>Gets or sets the time that objects get.</summary>
    public DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

    /// <summary>Gets or sets an action before each call, with the name of the method and the key; it may throw.</summary>
    public Action<string, string>? Before { get; set; }

    public IReadOnlyCollection<string> Keys => [.. _objects.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyCollection<string> Uploads => [.. _uploads.Keys.Select(upload => upload.Key)];

    /// <summary>Puts an object, as a client does with its address.</summary>
    public void Upload(string key, byte[] content) => _objects[key] = new(content, "text/plain", Now);

    public void UploadPart(string key, string uploadId, int number, byte[] content) => _uploads[(key, uploadId)][number] = content;

    public byte[] ContentOf(string key) => _objects[key].Content;

    public bool Remove(string key) => _objects.TryRemove(key, out _);

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> HasBucketAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public PresignedRequest PresignPut(string key, DeclaredObject declared, TimeSpan? lifetime = null) => Presign(key);

    public PresignedRequest PresignPart(string key, string uploadId, int partNumber, long length, TimeSpan? lifetime = null) =>
        Presign($"{key}?uploadId={uploadId}&partNumber={partNumber}&length={length}");

    public PresignedRequest PresignGet(string key, TimeSpan? lifetime = null, string? contentDisposition = null) => Presign(key);

    public Uri PublicAddressOf(string key) => new($"http://store/media/{key}");

    public Task<ObjectDescription?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        Before?.Invoke("head", key);
        return Task.FromResult(_objects.TryGetValue(key, out var found)
            ? new ObjectDescription(
                found.Content.Length, ETagOf(found), HashOf(found),
                found.ContentType, found.LastModified)
            : null);
    }

    public Task<Stream?> OpenReadAsync(string key, ObjectRange? range, CancellationToken cancellationToken)
    {
        Before?.Invoke("read", key);
        return Task.FromResult<Stream?>(_objects.TryGetValue(key, out var found)
            ? new MemoryStream(range is { } wanted
                ? [.. found.Content.Skip((int)wanted.Offset).Take((int)wanted.Length)]
                : found.Content)
            : null);
    }

    public Task<CopyOutcome> CopyAsync(string sourceKey, string destinationKey, string? etag, CancellationToken cancellationToken)
    {
        Before?.Invoke("copy", sourceKey);
        if (!_objects.TryGetValue(sourceKey, out var source))
        {
            return Task.FromResult(CopyOutcome.Missing);
        }

        if (etag is not null && etag != ETagOf(source))
        {
            return Task.FromResult(CopyOutcome.Changed);
        }

        _objects[destinationKey] = source with { LastModified = Now };
        return Task.FromResult(CopyOutcome.Copied);
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        Before?.Invoke("put", key);
        _objects[key] = new(content.ToArray(), contentType, Now);
        return Task.CompletedTask;
    }

    public async Task PutAsync(
        string key, FileStream content, ReadOnlyMemory<byte> sha256, string contentType, CancellationToken cancellationToken)
    {
        Before?.Invoke("put", key);
        var bytes = new byte[content.Length - content.Position];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        Assert.Equal(SHA256.HashData(bytes), sha256.ToArray());
        _objects[key] = new(bytes, contentType, Now);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Before?.Invoke("delete", key);
        Remove(key);
        return Task.CompletedTask;
    }

    public Task<ObjectPage> ListAsync(string prefix, string? after, int limit, CancellationToken cancellationToken)
    {
        Before?.Invoke("list", prefix);
        var rest = _objects.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => string.CompareOrdinal(pair.Key, after) > 0)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        return Task.FromResult(new ObjectPage(
            [.. rest.Take(limit).Select(pair => new ListedObject(pair.Key, pair.Value.Content.Length, pair.Value.LastModified))],
            IsLast: rest.Count <= limit));
    }

    public Task<AccessOutcome> SetPublicAsync(string key, bool isPublic, CancellationToken cancellationToken) =>
        Task.FromResult(_objects.ContainsKey(key) ? AccessOutcome.Changed : AccessOutcome.Missing);

    public Task<string> BeginMultipartAsync(string key, string contentType, CancellationToken cancellationToken)
    {
        var id = $"upload-{Interlocked.Increment(ref _lastUpload)}";
        _uploads[(key, id)] = [];
        return Task.FromResult(id);
    }

    public Task<IReadOnlyList<UploadedPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UploadedPart>?>(_uploads.TryGetValue((key, uploadId), out var parts)
            ? [.. parts.Select(part => new UploadedPart(part.Key, part.Value.Length, $"part-{part.Key}"))]
            : null);

    public async Task<UploadedPart> PutPartAsync(
        string key, string uploadId, int number, FileStream content, CancellationToken cancellationToken)
    {
        Before?.Invoke("put-part", key);
        var bytes = new byte[content.Length - content.Position];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        UploadPart(key, uploadId, number, bytes);
        return new(number, bytes.Length, $"part-{number}");
    }

    public Task<bool> CompleteMultipartAsync(
        string key, string uploadId, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken)
    {
        if (!_uploads.TryRemove((key, uploadId), out var uploaded))
        {
            return Task.FromResult(false);
        }

        _objects[key] = new([.. uploaded.SelectMany(part => part.Value)], "text/plain", Now) { IsMultipart = true };
        return Task.FromResult(true);
    }

    public Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        Before?.Invoke("abort", key);
        _uploads.TryRemove((key, uploadId), out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<PendingUpload>> ListMultipartAsync(
        string prefix, PendingUpload? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PendingUpload>>(
        [
            .. _uploads.Keys.OrderBy(upload => upload.Key, StringComparer.Ordinal)
                .Where(upload => string.CompareOrdinal(upload.Key, after?.Key) > 0)
                .Take(limit)
                .Select(upload => new PendingUpload(upload.Key, upload.Id, Now)),
        ]);

    private ReadOnlyMemory<byte>? HashOf(StoredObject found)
    {
        if (HasChecksums && !found.IsMultipart)
        {
            return SHA256.HashData(found.Content);
        }

        return null;
    }

    private static string ETagOf(StoredObject stored) => Convert.ToHexStringLower(SHA256.HashData(stored.Content))[..32];

    private PresignedRequest Presign(string target) => new(
        new Uri($"http://store/media/{target}"), new Dictionary<string, string>(), Now + TimeSpan.FromMinutes(15));

    private sealed record StoredObject(byte[] Content, string ContentType, DateTimeOffset LastModified)
    {
        public bool IsMultipart { get; init; }
    }
}
