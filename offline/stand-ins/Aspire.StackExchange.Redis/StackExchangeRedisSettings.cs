namespace Aspire.StackExchange.Redis;

/// <summary>
/// Settings of the connection to a Redis server. Bound from <c>Aspire:StackExchange:Redis</c> and
/// <c>Aspire:StackExchange:Redis:{name}</c>.
/// </summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>Gets or sets the comma-delimited connection string; <c>ConnectionStrings:{name}</c> wins over a bound value.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets whether the health check is left out.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Gets or sets whether commands are left out of OpenTelemetry.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    /// <remarks>Without effect here: commands are never traced, for want of the instrumentation package.</remarks>
    public bool DisableTracing { get; set; }

    /// <summary>Gets or sets whether the connection is opened on first use instead of when the host starts.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool DisableAutoActivation { get; set; } = true;
}
