using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A file cannot be read on.</summary>
public sealed class FileUnavailableException : Exception
{
    /// <summary>No copy of one of its chunks can be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunkNumber">The chunk's position among the file's chunks, from 0.</param>
    /// <param name="cause">What was tried.</param>
    public FileUnavailableException(FileId file, int chunkNumber, ChunkUnavailableException cause)
        : base($"Chunk {chunkNumber} of file {file} can't be read now: none of its copies answers with all of its bytes.", cause) =>
        (File, ChunkNumber) = (file, chunkNumber);

    private FileUnavailableException(FileId file, string message)
        : base(message) =>
        File = file;

    public FileId File { get; }

    /// <summary>Gets the chunk's position among the file's chunks, from 0; <see langword="null"/> when the whole file is gone.</summary>
    public int? ChunkNumber { get; }

    /// <summary>The file was deleted between two looks at it.</summary>
    public static FileUnavailableException Deleted(FileId file) => new(file, $"File {file} was deleted while it was being read.");
}
