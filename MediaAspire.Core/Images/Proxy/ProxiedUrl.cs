using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Images.Proxy;

/// <summary>An address whose content is proxied.</summary>
public sealed class ProxiedUrl
{
    /// <param name="url">An address as <see cref="Fetching.UrlRules.Read"/> returned it.</param>
    public ProxiedUrl(Uri url)
    {
        Url = url;
        Sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri));
    }

    public Uri Url { get; }

    /// <summary>Gets the SHA-256 of the address, the key of its row.</summary>
    public byte[] Sha256 { get; }

    /// <summary>Gets the key by which the end of a fetch is signalled, and of which one job waits at most.</summary>
    public string Key => $"proxy:{Convert.ToHexStringLower(Sha256)}";

    /// <summary>Gets the key of the lock under which it is fetched.</summary>
    public long LockKey => BinaryPrimitives.ReadInt64BigEndian(Sha256);
}
