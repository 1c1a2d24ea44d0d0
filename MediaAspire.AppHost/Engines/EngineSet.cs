namespace MediaAspire.AppHost.Engines;

/// <summary>What the projects of the graph see of the engines, however those run.</summary>
/// <param name="Media">The PostgreSQL database <c>media</c>.</param>
/// <param name="Redis">Short-term storage, task pipe and hot metadata.</param>
/// <param name="ObjectStore">A bucket in an S3, or <see langword="null"/> where that is the API's own.</param>
internal sealed record EngineSet(
    IResourceBuilder<IResourceWithConnectionString> Media,
    IResourceBuilder<IResourceWithConnectionString> Redis,
    IResourceBuilder<IResourceWithConnectionString>? ObjectStore)
{
    /// <summary>The bucket that the graph uses in whatever S3 it has.</summary>
    public const string BucketName = "media";
}
