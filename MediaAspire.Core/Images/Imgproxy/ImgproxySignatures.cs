using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Imgproxy;

/// <summary>Verifies the signatures of addresses in imgproxy's form, and makes them.</summary>
/// <remarks>A signature is Base64 for URLs of HMAC-SHA256 with the key over the salt and the path with its leading slash.</remarks>
public sealed class ImgproxySignatures
{
    private readonly (byte[] Key, byte[] Salt)[] _keys;
    private readonly int _size;

    public ImgproxySignatures(IOptions<ImgproxyOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);

        _keys = [.. options.Value.Keys.Select(pair => (Convert.FromHexString(pair.Key), Convert.FromHexString(pair.Salt)))];
        _size = options.Value.SignatureSize;
    }

    /// <summary>Gets a value indicating whether there is a key to sign with.</summary>
    public bool HasKeys => _keys.Length > 0;

    /// <summary>Signs a path by the first key.</summary>
    /// <param name="path">The path after the signature, with its leading slash.</param>
    public string Sign(string path) => Base64Url.EncodeToString(Compute(path, _keys[0]));

    /// <summary>Determines whether one of the keys made a signature.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="path">The path after it, with its leading slash.</param>
    public bool IsValid(string signature, string path)
    {
        ArgumentNullException.ThrowIfNull(signature);

        if (signature.Length != Base64Url.GetEncodedLength(_size))
        {
            return false;
        }

        var given = new byte[_size];
        return Base64Url.DecodeFromChars(signature, given, out _, out var length) == OperationStatus.Done && length == _size
            && _keys.Any(pair => CryptographicOperations.FixedTimeEquals(given, Compute(path, pair)));
    }

    private byte[] Compute(string path, (byte[] Key, byte[] Salt) pair) =>
        HMACSHA256.HashData(pair.Key, (byte[])[.. pair.Salt, .. Encoding.UTF8.GetBytes(path)])[.._size];
}
