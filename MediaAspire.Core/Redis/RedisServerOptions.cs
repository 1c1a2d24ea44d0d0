namespace MediaAspire.Core.Redis;

/// <summary>The settings of the process towards the Redis server.</summary>
public sealed class RedisServerOptions
{
    public const string SectionName = "Redis";

    /// <summary>
    /// Gets or sets a value indicating whether the process runs in production with settings of the server that lose data.
    /// </summary>
    /// <value>The default is <see langword="false"/>: it refuses to start.</value>
    public bool AllowUnsafeSettings { get; set; }
}
