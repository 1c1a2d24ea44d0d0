namespace FeedBuilder;

/// <summary>One file inside a single-file bundle.</summary>
/// <param name="Path">Path inside the bundle, with forward slashes.</param>
/// <param name="Offset">Byte offset from the start of the executable.</param>
/// <param name="Size">Bytes once decompressed.</param>
/// <param name="CompressedSize">Bytes as stored; 0 when stored without compression.</param>
internal sealed record BundleEntry(string Path, long Offset, long Size, long CompressedSize);
