using MediaAspire.Core.Files;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Files;

/// <summary>Creates the responses to requests for the bytes of a file.</summary>
internal sealed class FileDownloads(FileReader reader, IOptions<FileOptions> options, ILogger<FileDownload> logger)
{
    public FileDownload Of(StoredFile file) => new(file, reader, options.Value.MaxRanges, logger);
}
