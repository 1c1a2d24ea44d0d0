using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A file cannot be read on, because no copy of one of its chunks can.</summary>
public sealed class FileUnavailableException(FileId file, int chunkNumber, ChunkUnavailableException cause)
    : Exception($"Chunk {chunkNumber} of file {file} can't be read now: none of its copies answers with all of its bytes.", cause)
{
    public FileId File { get; } = file;

    /// <summary>Gets the chunk's position among the file's chunks, from 0.</summary>
    public int ChunkNumber { get; } = chunkNumber;
}
