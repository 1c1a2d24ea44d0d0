namespace MediaAspire.Tests.Harness;

/// <summary>The collection of tests that run alone, because a scraper reads the meters of all hosts in the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryGroup
{
    public const string Name = "Telemetry";
}
