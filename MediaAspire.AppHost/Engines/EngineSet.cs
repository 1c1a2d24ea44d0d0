namespace MediaAspire.AppHost.Engines;

/// <summary>The engines as the projects of the graph reference them, in every way of running.</summary>
/// <param name="Media">The PostgreSQL database <c>media</c>.</param>
/// <param name="Redis">Redis: short-term storage and the job queue's fast path.</param>
/// <param name="ObjectStore">A bucket in an S3 server; <see langword="null"/> for the API's own S3.</param>
internal sealed record EngineSet(
    IResourceBuilder<IResourceWithConnectionString> Media,
    IResourceBuilder<IResourceWithConnectionString> Redis,
    IResourceBuilder<IResourceWithConnectionString>? ObjectStore)
{
    /// <summary>The name of the graph's bucket, in any S3 server.</summary>
    public const string BucketName = "media";
}
