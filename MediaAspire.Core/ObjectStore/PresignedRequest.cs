namespace MediaAspire.Core.ObjectStore;

/// <summary>A request that any holder may send, once or often, until it expires.</summary>
/// <param name="Url">The target.</param>
/// <param name="Headers">The headers that it must carry exactly, because they are signed.</param>
/// <param name="ExpiresAt">By this process's clock; the store goes by its own.</param>
public sealed record PresignedRequest(Uri Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt);

/// <summary>The declared properties of an upload; the store refuses any other.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">32 bytes.</param>
/// <param name="ContentType">The media type that downloads will have.</param>
public sealed record DeclaredObject(long Length, ReadOnlyMemory<byte> Sha256, string ContentType);

/// <summary>An object as the store describes it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Without quotes.</param>
/// <param name="Sha256">32 bytes; <see langword="null"/> for an object of which the store knows only those of its parts.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="LastModified">By the store's clock.</param>
public sealed record ObjectDescription(
    long Length, string ETag, ReadOnlyMemory<byte>? Sha256, string ContentType, DateTimeOffset LastModified);
