using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Database;

/// <summary>The form in which PostgreSQL stores a password for SCRAM-SHA-256 (RFC 5803).</summary>
/// <remarks>Computed by the client, so that a password is not in a statement, which the server may log.</remarks>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    /// <summary>Computes the verifier of a password.</summary>
    /// <returns><c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, with salt and keys in base64.</returns>
    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes));

    internal static string Of(string password, byte[] salt)
    {
        // Npgsql normalises a password in the same way before it logs in.
        var text = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var salted = Rfc2898DeriveBytes.Pbkdf2(text, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
    }
}
