using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;

namespace MediaAspire.Core.AccessKeys;

/// <summary>The formats of ids, secrets and owners of access keys, and the creation of new ones.</summary>
public static partial class AccessKeyFormat
{
    /// <summary>The number of hexadecimal digits in the id of a new owner, as in AWS.</summary>
    public const int CanonicalIdLength = 64;

    /// <summary>Most characters of an owner's name for people.</summary>
    public const int MaxDisplayNameLength = OwnerName.MaxLength;

    public const string IdRule = "3 to 128 letters, digits, dots, hyphens and underscores";

    public const string SecretRule = "8 to 128 printable ASCII characters without spaces, quotes and semicolons";

    private const int IdLength = 20;
    private const int SecretLength = 40;

    // As AWS: no digit of an id is taken for a letter.
    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    // Without the "/" and "+" of AWS, which need escaping in shells and URLs.
    private const string SecretCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Makes an id of 20 upper-case characters, 100 random bits.</summary>
    public static string NewId() => RandomNumberGenerator.GetString(IdCharacters, IdLength);

    /// <summary>Makes a secret of 40 letters and digits, 238 random bits.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(SecretCharacters, SecretLength);

    /// <summary>Makes an owner's id of 64 lower-case hexadecimal digits.</summary>
    public static string NewOwnerId() => RandomNumberGenerator.GetHexString(CanonicalIdLength, lowercase: true);

    /// <summary>Checks an id of a key: no slash, which ends the id in a credential, and nothing that needs escaping.</summary>
    public static bool IsId([NotNullWhen(true)] string? id) => id is not null && IdExpression().IsMatch(id);

    /// <summary>Checks a secret: only characters that are valid in a connection string and a configuration file.</summary>
    public static bool IsSecret([NotNullWhen(true)] string? secret) => secret is not null && SecretExpression().IsMatch(secret);

    public static bool IsOwnerId([NotNullWhen(true)] string? ownerId) => OwnerId.TryParse(ownerId, out _);

    /// <summary>Checks an owner's display name: see <see cref="OwnerName.Rule"/>.</summary>
    public static bool IsDisplayName([NotNullWhen(true)] string? displayName) => OwnerName.IsValid(displayName);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{3,128}\z")]
    private static partial Regex IdExpression();

    [GeneratedRegex("""\A[!#-&(-:<-~]{8,128}\z""")]
    private static partial Regex SecretExpression();
}
