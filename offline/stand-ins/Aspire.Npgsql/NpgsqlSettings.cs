namespace Aspire.Npgsql;

/// <summary>
/// Settings of the connection to a PostgreSQL database. Bound from <c>Aspire:Npgsql</c> and <c>Aspire:Npgsql:{name}</c>.
/// </summary>
public class NpgsqlSettings
{
    /// <summary>Gets or sets the connection string; <c>ConnectionStrings:{name}</c> wins over a bound value.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets whether the health check is left out.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Gets or sets whether Npgsql's activity source is left out of OpenTelemetry.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool DisableTracing { get; set; }

    /// <summary>Gets or sets whether Npgsql's meter is left out of OpenTelemetry.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool DisableMetrics { get; set; }
}
