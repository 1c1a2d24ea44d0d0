namespace MediaAspire.Api.Files;

/// <param name="FileId">The file's id.</param>
/// <param name="Filename">The name that the client gave.</param>
/// <param name="ContentType">The media type that the client declared.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes, in lower-case hexadecimal.</param>
/// <param name="Chunks">Number of chunks.</param>
public sealed record FileResponse(Guid FileId, string Filename, string ContentType, long Size, string Sha256, int Chunks);

/// <param name="FileId">The file's id.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Chunks">The chunks in the order of their numbers.</param>
public sealed record FileLayoutResponse(Guid FileId, long Size, IReadOnlyList<ChunkLayoutResponse> Chunks);

/// <param name="Number">Position among the file's chunks, from 0.</param>
/// <param name="Offset">Position of the chunk's first byte in the file.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the chunk's bytes, in lower-case hexadecimal.</param>
/// <param name="Copies">The known copies.</param>
public sealed record ChunkLayoutResponse(int Number, long Offset, long Size, string Sha256, IReadOnlyList<CopyLayoutResponse> Copies);

/// <param name="Server">The server's id.</param>
/// <param name="Name">The server's name; <see langword="null"/> when the cluster no longer knows it.</param>
/// <param name="Address">The address of the server; <see langword="null"/> when the cluster no longer knows it.</param>
/// <param name="Status"><c>stored</c>, or the fault of the copy.</param>
public sealed record CopyLayoutResponse(Guid Server, string? Name, string? Address, string Status);
