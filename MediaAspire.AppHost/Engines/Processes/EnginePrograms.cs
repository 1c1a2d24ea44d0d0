namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>The programs that run engines as processes.</summary>
/// <param name="PostgresDirectories">Directories that hold both <c>initdb</c> and <c>postgres</c>, preferred first.</param>
/// <param name="RedisServer">Full path of <c>redis-server</c>.</param>
internal sealed record EnginePrograms(IReadOnlyList<string> PostgresDirectories, string RedisServer)
{
    /// <summary>Finds the programs on this machine.</summary>
    /// <exception cref="DistributedApplicationException">One or both are missing; the message names the packages.</exception>
    public static EnginePrograms Find() =>
        Find(
            [.. Executables.PostgresDirectories(), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)],
            Executables.Find("redis-server"));

    /// <summary>Chooses among directories that may hold PostgreSQL.</summary>
    /// <param name="postgresCandidates">Directories, preferred first.</param>
    /// <param name="redisServer">Full path of <c>redis-server</c>; <see langword="null"/> if it was not found.</param>
    /// <exception cref="DistributedApplicationException">One or both are missing; the message names the packages.</exception>
    public static EnginePrograms Find(IEnumerable<string> postgresCandidates, string? redisServer)
    {
        string[] postgres =
        [
            .. postgresCandidates.Where(directory =>
                directory.Length > 0
                && File.Exists(Path.Combine(directory, "initdb"))
                && File.Exists(Path.Combine(directory, "postgres"))),
        ];

        var missing = new List<string>();
        if (postgres.Length == 0)
        {
            missing.Add("postgresql (which holds initdb and postgres)");
        }

        if (redisServer is null)
        {
            missing.Add("redis-server");
        }

        return missing.Count == 0
            ? new EnginePrograms(postgres, redisServer!)
            : throw new DistributedApplicationException(
                $"Engines run as processes, and these programs are missing: {string.Join(", ", missing)}. "
                + "On Debian or Ubuntu run eng/install-engines.sh; elsewhere install PostgreSQL 15 or later and Redis 7 or later. "
                + "Or start a container runtime and use --Engines=containers.");
    }
}
