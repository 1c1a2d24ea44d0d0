using MediaAspire.AppHost.Settings;

namespace MediaAspire.AppHost.Engines;

/// <summary>The connections of PostgreSQL, divided among the processes so that all of them together fit.</summary>
/// <param name="Limit">The server's <c>max_connections</c>.</param>
/// <param name="OfApi">The most of one API process.</param>
/// <param name="OfWorker">The most of one worker.</param>
/// <param name="Total">The most of all processes together.</param>
internal sealed record DatabaseConnections(int Limit, int OfApi, int OfWorker, int Total)
{
    /// <summary>The most connections of a storage node: its heartbeat, its health check, and look-ups of other servers.</summary>
    public const int OfNode = 4;

    /// <summary>
    /// The connections that no pool takes: three that PostgreSQL keeps for superusers, the migrations, the AppHost's health checks, and an
    /// administrator.
    /// </summary>
    public const int Reserve = 12;

    /// <summary>The least <see cref="Limit"/>; more replicas raise it.</summary>
    public const int LeastLimit = 200;

    // Npgsql's own default: more does not make PostgreSQL faster.
    private const int MostOfProcess = 100;

    // With less, requests would wait for a connection and not for the database.
    private const int LeastOfApi = 20;
    private const int LeastOfWorker = 10;

    /// <summary>Divides: an API process gets twice as many as a worker.</summary>
    public static DatabaseConnections Divide(AppHostOptions options)
    {
        var (apis, workers) = (options.ApiReplicas, options.WorkerReplicas);
        var kept = Reserve + (options.StorageNodes * OfNode);
        var limit = Math.Max(LeastLimit, kept + (apis * LeastOfApi) + (workers * LeastOfWorker));
        var share = (limit - kept) / ((2 * apis) + workers);
        var ofWorker = Math.Clamp(share, LeastOfWorker, MostOfProcess);
        var ofApi = Math.Clamp((limit - kept - (workers * ofWorker)) / apis, LeastOfApi, MostOfProcess);
        return new DatabaseConnections(
            limit, ofApi, ofWorker, Total: kept - Reserve + (apis * ofApi) + (workers * ofWorker));
    }
}
