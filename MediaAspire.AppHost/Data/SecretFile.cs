using System.Security.Cryptography;

namespace MediaAspire.AppHost.Data;

/// <summary>A secret that is made once and kept beside the data that it belongs to.</summary>
/// <remarks>Not in user secrets: it must go and stay with its data directory.</remarks>
/// <param name="path">The file.</param>
/// <param name="make">Makes the secret where there is no file yet.</param>
internal sealed class SecretFile(string path, Func<string> make)
{
    private const string PasswordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 32;

    private readonly Lock _gate = new();
    private string? _value;

    /// <summary>The file (mode 0600).</summary>
    public string Path { get; } = path;

    /// <summary>Makes a password of 32 letters and digits.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);

    /// <summary>Reads the secret, or makes one and keeps it.</summary>
    public string Get()
    {
        lock (_gate)
        {
            return _value ??= File.Exists(Path) ? File.ReadAllText(Path) : Create();
        }
    }

    private string Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var secret = make();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name until it is on the disk: half a secret would lock its data up for good.
        var draft = Path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(secret));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path);
        return secret;
    }
}
