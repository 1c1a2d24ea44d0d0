using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>A file that has just become visible.</summary>
/// <param name="Id">The file's id.</param>
/// <param name="Filename">The name shown to users.</param>
/// <param name="ContentType">The media type that the client declared.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">
/// The SHA-256 of all bytes; <see langword="null"/> when it was not requested, see <see cref="NewFile.NeedsSha256"/>.
/// </param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="CompletedAt">The time at which it became visible, by the database's clock.</param>
public sealed record StoredFileSummary(
    FileId Id, string Filename, string ContentType, long Size, Sha256Digest? Sha256, int Chunks, DateTimeOffset CompletedAt);
