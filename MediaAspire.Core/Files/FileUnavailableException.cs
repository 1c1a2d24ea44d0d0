using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A file cannot be read, or not to its end.</summary>
public sealed class FileUnavailableException : Exception
{
    /// <summary>Makes the exception for a chunk without a readable copy.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunkNumber">The chunk's position among the file's chunks, from 0.</param>
    /// <param name="cause">The failure of the chunk.</param>
    public FileUnavailableException(FileId file, int chunkNumber, ChunkUnavailableException cause)
        : base($"Chunk {chunkNumber} of file {file} cannot be read now: none of its copies is complete and available.", cause) =>
        (File, ChunkNumber) = (file, chunkNumber);

    private FileUnavailableException(FileId file, string message)
        : base(message) =>
        File = file;

    public FileId File { get; }

    /// <summary>Gets the chunk's position among the file's chunks, from 0; <see langword="null"/> when the file was deleted.</summary>
    public int? ChunkNumber { get; }

    /// <summary>Makes the exception for a file that was deleted while it was being read.</summary>
    public static FileUnavailableException Deleted(FileId file) => new(file, $"File {file} was deleted while it was being read.");
}
