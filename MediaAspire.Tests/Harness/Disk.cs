using MediaAspire.Core.Ids;

namespace MediaAspire.Tests.Harness;

/// <summary>Finds and damages chunk files on a node's disk.</summary>
internal static class Disk
{
    public static string FileOf(TestNode node, ChunkId chunk) =>
        node.Files.Single(path => Path.GetFileName(path).Replace("-", "", StringComparison.Ordinal)
            .Contains(chunk.Value.ToString("N"), StringComparison.OrdinalIgnoreCase));

    public static void Flip(string path, long offset)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 1));
    }
}
