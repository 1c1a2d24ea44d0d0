using System.Security.Cryptography;

namespace MediaAspire.Tests.Faults;

/// <summary>A copy that was damaged on its node's disk, not through the node.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Server">The node's id.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Path">The copy's file.</param>
/// <param name="Sha256">The hash of the whole intact file. A recreated copy has the same bytes, its footer included.</param>
internal sealed record Wound(string Node, Guid Server, Guid Chunk, string Path, string Sha256)
{
    /// <summary>Gets a value indicating whether the file is intact again.</summary>
    public async Task<bool> IsHealedOnDiskAsync(CancellationToken cancellationToken) => await HashAsync(Path, cancellationToken) == Sha256;

    /// <summary>Hashes a chunk file; null if it does not exist.</summary>
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
