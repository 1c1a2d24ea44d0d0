using System.Security.Cryptography;

namespace MediaAspire.Core.Checksums;

/// <summary>Computes the MD5 that is an object's ETag and answers <c>Content-MD5</c>, along with an upload.</summary>
public sealed class Md5ContentDigest : IContentDigest, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Gives the 16 bytes of the MD5 of the bytes so far; more may follow.</summary>
    public byte[] GetMd5() => _hash.GetCurrentHash();

    public void Dispose() => _hash.Dispose();
}
