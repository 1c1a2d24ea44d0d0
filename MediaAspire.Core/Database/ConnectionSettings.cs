using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>The settings of the connections of every process. Those that a connection string names have precedence.</summary>
internal static class ConnectionSettings
{
    private const int MaxPreparedStatements = 64;

    // A peer that vanished without closing its connection is noticed after 30 + 3 x 10 seconds, on both sides.
    private const int KeepAliveSeconds = 30;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveAttempts = 3;

    /// <summary>Applies the settings to a connection string.</summary>
    public static void Apply(NpgsqlConnectionStringBuilder connections, DatabaseOptions options)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connections.ConnectionString };

        // Few statements, run thousands of times: parsing and planning one costs more than running it.
        connections.MaxAutoPrepare = MaxPreparedStatements;

        // Before a connection is reused, Npgsql would send seven statements that undo the settings of its last user. They cost PostgreSQL
        // more than finding a row. No code here leaves settings behind: they end with a transaction, which is rolled back when it is left
        // open, the DatabaseListener stops listening, and the migrations' lock is released.
        connections.NoResetOnClose = true;

        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
        {
            connections.MaxPoolSize = options.PoolSize;
            connections.MinPoolSize = Math.Min(connections.MinPoolSize, connections.MaxPoolSize);
        }

        // A Unix socket has no such options, and setting them fails.
        if (connections.Host?.Split(',').Any(host => host.StartsWith('/') || host.StartsWith('@')) != true)
        {
            connections.TcpKeepAlive = true;
            connections.TcpKeepAliveTime = KeepAliveSeconds;
            connections.TcpKeepAliveInterval = KeepAliveIntervalSeconds;
        }

        // The last of two values counts, so those of the connection string follow ours.
        connections.Options = $"{SessionSettings(options)} {connections.Options}".TrimEnd();
    }

    // Sent with the log-in, so they cost no statement.
    private static string SessionSettings(DatabaseOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"-c lock_timeout={(long)options.LockTimeout.TotalMilliseconds}"
        + $" -c idle_in_transaction_session_timeout={(long)options.IdleInTransactionTimeout.TotalMilliseconds}"
        + $" -c tcp_keepalives_idle={KeepAliveSeconds} -c tcp_keepalives_interval={KeepAliveIntervalSeconds}"
        + $" -c tcp_keepalives_count={KeepAliveAttempts}");
}
