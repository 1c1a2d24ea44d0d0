using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;

namespace MediaAspire.Api.S3.Objects;

/// <summary>A complete body that matches its declaration; it is invisible until its upload is committed.</summary>
/// <param name="Upload">The upload; disposing it uncommitted removes all of it.</param>
/// <param name="Md5">The MD5 of all bytes in lower-case hexadecimal.</param>
/// <param name="Checksum">The checksum of all bytes.</param>
internal sealed record ReceivedContent(FileUpload Upload, string Md5, Checksum Checksum) : IAsyncDisposable
{
    public long Size => Upload.Size;

    public ValueTask DisposeAsync() => Upload.DisposeAsync();
}
