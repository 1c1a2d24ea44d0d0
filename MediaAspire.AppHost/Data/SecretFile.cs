using System.Security.Cryptography;

namespace MediaAspire.AppHost.Data;

/// <summary>A secret that is created once and kept with its data.</summary>
/// <remarks>User secrets would outlive the data directory, or be lost without it.</remarks>
/// <param name="path">The file.</param>
/// <param name="make">Creates the secret when the file does not exist.</param>
internal sealed class SecretFile(string path, Func<string> make)
{
    private const string PasswordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    private readonly Lock _gate = new();
    private string? _value;

    /// <summary>The file (mode 0600).</summary>
    public string Path { get; } = path;

    /// <summary>Creates a password of 32 letters and digits.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);

    /// <summary>Reads the secret, or creates and stores one.</summary>
    public string Get()
    {
        lock (_gate)
        {
            return _value ??= File.Exists(Path) ? File.ReadAllText(Path) : Create();
        }
    }

    private string Create()
    {
        var secret = make();
        PrivateFile.Write(Path, secret);
        return secret;
    }
}
