using System.Security.Cryptography;

namespace MediaAspire.Tests.Faults;

/// <summary>A copy that was damaged on its node's disk behind the node's back.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Server">Its id.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Path">The copy's file.</param>
/// <param name="Sha256">Hash of the whole file when it was intact. A recreated copy has the same bytes, its footer included.</param>
internal sealed record Wound(string Node, Guid Server, Guid Chunk, string Path, string Sha256)
{
    /// <summary>Gets a value indicating whether the file is as it was before.</summary>
    public async Task<bool> IsHealedOnDiskAsync(CancellationToken cancellationToken) => await HashAsync(Path, cancellationToken) == Sha256;

    /// <summary>Hashes a chunk file; null when there is none.</summary>
    public static async Task<string?> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
