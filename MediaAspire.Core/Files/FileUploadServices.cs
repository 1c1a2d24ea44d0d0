using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Files;

/// <summary>The services of the process that every upload uses.</summary>
internal sealed record FileUploadServices(
    FileCatalog Catalog, UploadOptions Options, FileMetrics Metrics, TimeProvider TimeProvider, ILogger Logger);
