namespace MediaAspire.Tests.Harness;

/// <summary>Runs alone: a scraper reads the meters of the whole process, those of other tests' hosts among them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryGroup
{
    public const string Name = "Telemetry";
}
