using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

/// <summary>The settings of registration, heartbeats and the view of the cluster.</summary>
public sealed class ClusterOptions
{
    public const string SectionName = "Cluster";

    /// <summary>The setting that turns authentication off, for development.</summary>
    internal const string OpenSetting = "Security:Open";

    /// <summary>Gets or sets the points of each server on the ring. A server that registers reports its own number.</summary>
    /// <value>The default is 150.</value>
    [Range(1, 10_000)]
    public int VirtualNodes { get; set; } = HashRing.DefaultVirtualNodes;

    /// <summary>Gets or sets the interval at which the view is read again without a notification.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the interval of a storage server's heartbeats.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the time without a heartbeat, by the database's clock, after which a server counts as offline.</summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:02", "1.00:00:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time for which a server that this process could not reach is tried last.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SuspectFor { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets the secret that the processes of the cluster present to each other.</summary>
    /// <value>16 to 1,024 printable ASCII characters without spaces. The default is empty: the process refuses to start.</value>
    public string Token { get; set; } = "";

    /// <summary>Gets or sets a second secret that callers may present, while the first one is being replaced.</summary>
    /// <value>As <see cref="Token"/>; the default is empty, for none.</value>
    public string SecondToken { get; set; } = "";

    /// <summary>Gets or sets the certificates for TLS between the processes of the cluster.</summary>
    public ClusterTlsOptions Tls { get; set; } = new();

    /// <summary>Gets or sets a value indicating whether a process may run without a token. From <see cref="OpenSetting"/>.</summary>
    internal bool IsOpen { get; set; }
}

[OptionsValidator]
internal sealed partial class ClusterOptionsValidator : IValidateOptions<ClusterOptions>;

/// <summary>Rejects combinations of values that are valid alone.</summary>
internal sealed class ClusterOptionsCustomValidator : IValidateOptions<ClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options) =>
        options.OfflineAfter > options.HeartbeatInterval
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ClusterOptions.SectionName}:{nameof(options.OfflineAfter)} ({options.OfflineAfter}) must be longer than " +
                $"{nameof(options.HeartbeatInterval)} ({options.HeartbeatInterval}), or live servers count as offline.");
}
