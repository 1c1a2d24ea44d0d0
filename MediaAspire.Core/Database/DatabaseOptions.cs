using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Database;

/// <summary>The settings of a process's connections to PostgreSQL.</summary>
public sealed class DatabaseOptions
{
    public const string SectionName = "Database";

    /// <summary>
    /// Gets or sets the most connections of this process. <c>Maximum Pool Size</c> in the connection string overrides it.
    /// </summary>
    /// <value>1 to 10,000; the default is 40.</value>
    [Range(1, 10_000)]
    public int PoolSize { get; set; } = 40;

    /// <summary>Gets or sets the most connections of all processes together, which have to fit the server.</summary>
    /// <value>0 to 1,000,000. The default is 0: unknown, so that only this process's own connections are compared.</value>
    [Range(0, 1_000_000)]
    public int TotalConnections { get; set; }

    /// <summary>Gets or sets the time after which a statement that waits for a lock fails.</summary>
    /// <value>The default is 20 seconds, below the 30 of a command; zero waits as long as the command.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Gets or sets the time after which the server ends the session of a process that holds a transaction open and sends nothing. It
    /// releases the locks of a process that hangs.
    /// </summary>
    /// <value>The default is 60 seconds; zero never ends it.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets a value indicating whether the process runs in production with settings of the server that lose data.
    /// </summary>
    /// <value>The default is <see langword="false"/>: it refuses to start.</value>
    public bool AllowUnsafeSettings { get; set; }
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;
