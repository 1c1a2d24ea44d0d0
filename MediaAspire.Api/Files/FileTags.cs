using MediaAspire.Api.Http;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Files;

/// <summary>The validators of files.</summary>
/// <remarks>A file never changes, so its SHA-256 is its strong entity tag. A file without one uses its id.</remarks>
internal static class FileTags
{
    public static EntityTagHeaderValue Of(FileId id, Sha256Digest? sha256) => new($"\"{sha256?.ToString() ?? id.ToString()}\"");

    /// <summary>Gets the <c>Last-Modified</c> of a file.</summary>
    public static DateTimeOffset LastModifiedOf(StoredFile file) => Preconditions.ToHttpDate(file.CompletedAt);
}
