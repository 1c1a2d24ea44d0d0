namespace MediaAspire.AppHost.Engines;

/// <summary>What the projects of the graph see of the engines, however those run.</summary>
/// <param name="Media">The PostgreSQL database <c>media</c>.</param>
/// <param name="Redis">Short-term storage, task pipe and hot metadata.</param>
/// <param name="ObjectStore">An S3 bucket, or <see langword="null"/> where the graph has none.</param>
internal sealed record EngineSet(
    IResourceBuilder<IResourceWithConnectionString> Media,
    IResourceBuilder<IResourceWithConnectionString> Redis,
    IResourceBuilder<IResourceWithConnectionString>? ObjectStore);
