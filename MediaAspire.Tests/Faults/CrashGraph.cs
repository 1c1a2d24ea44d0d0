using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>A graph whose workers recover within seconds from a killed process.</summary>
public sealed class CrashGraph : GraphFixture
{
    /// <summary>Gets the engine of the job queue, from <c>MEDIAASPIRE_CRASH_JOBS</c>: postgres or redis.</summary>
    public static string Jobs => Environment.GetEnvironmentVariable("MEDIAASPIRE_CRASH_JOBS") ?? "postgres";

    protected override int StorageNodes => 3;

    protected override string[] Settings =>
    [
        $"--Jobs:Provider={Jobs}", "--Jobs:LeaseDuration=00:00:05", "--Jobs:RetryDelay=00:00:00.200", "--Duties:LeaseDuration=00:00:03",
        "--Splitting:Interval=00:00:01", "--Splitting:OrphanAge=00:00:10", "--Splitting:RequeueAfter=00:00:10",
    ];
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CrashGroup : ICollectionFixture<CrashGraph>
{
    public const string Name = "Crashes";
}
