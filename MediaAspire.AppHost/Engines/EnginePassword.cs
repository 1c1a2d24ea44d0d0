using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MediaAspire.AppHost.Engines;

/// <summary>A process engine's password, kept beside its data.</summary>
/// <remarks>Not in user secrets: it belongs to this data directory, and must go and stay with it.</remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class EnginePassword(string path)
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 32;

    private readonly Lock _gate = new();
    private string? _value;

    /// <summary>The file (mode 0600).</summary>
    public string Path { get; } = path;

    /// <summary>Reads the password, or makes one and keeps it.</summary>
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
        var password = RandomNumberGenerator.GetString(Characters, Length);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(Path, options);
        writer.Write(password);
        return password;
    }
}
