using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>The MD5 of an upload, for an object's ETag and the check of <c>Content-MD5</c>.</summary>
public sealed class Md5ContentDigest : IContentDigest, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Computes the MD5 of the bytes so far, 16 bytes; more may follow.</summary>
    public byte[] GetMd5() => _hash.GetCurrentHash();

    public void Dispose() => _hash.Dispose();
}
