using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Files;

/// <summary>What every upload needs of the process that it runs in.</summary>
internal sealed record FileUploadServices(
    FileCatalog Catalog, UploadOptions Options, FileMetrics Metrics, TimeProvider TimeProvider, ILogger Logger);
