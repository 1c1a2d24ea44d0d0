using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of a resource, or of one of its instances, at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    private readonly ImmutableArray<HealthReportSnapshot> _healthReports = [];
    private readonly ResourceStateSnapshot? _state;

    /// <summary>Gets the kind that the dashboard shows, such as <c>Project</c>.</summary>
    public required string ResourceType { get; init; }

    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    public DateTime? CreationTimeStamp { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Gets the exit code of the last run, or null while there is none.</summary>
    public int? ExitCode { get; init; }

    public ResourceStateSnapshot? State
    {
        get => _state;
        init
        {
            _state = value;
            HealthStatus = ComputeHealth(value?.Text, _healthReports);
        }
    }

    /// <summary>Gets the health: null while not running or not known, healthy when running without checks.</summary>
    public HealthStatus? HealthStatus { get; private init; }

    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    public bool IsHidden { get; init; }

    public string? IconName { get; init; }

    public IconVariant? IconVariant { get; init; }

    public ImmutableArray<HealthReportSnapshot> HealthReports
    {
        get => _healthReports;
        internal init
        {
            _healthReports = value;
            HealthStatus = ComputeHealth(State?.Text, value);
        }
    }

    /// <summary>Gets the event that completes when the handlers of <see cref="ResourceReadyEvent"/> have run.</summary>
    internal EventSnapshot? ResourceReadyEvent { get; init; }

    private static HealthStatus? ComputeHealth(string? state, ImmutableArray<HealthReportSnapshot> reports)
    {
        if (state != KnownResourceStates.Running)
        {
            return null;
        }

        if (reports.Any(report => report.Status is null))
        {
            return Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy;
        }

        return reports.Min(report => report.Status) ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;
    }
}

/// <summary>The progress of an event's handlers.</summary>
internal sealed record EventSnapshot(Task EventTask);

/// <summary>Extensions of <see cref="CustomResourceSnapshot"/>.</summary>
public static class CustomResourceSnapshotExtensions
{
    /// <summary>Replaces the health reports, which decide the health.</summary>
    public static CustomResourceSnapshot WithHealthReports(this CustomResourceSnapshot snapshot, ImmutableArray<HealthReportSnapshot> healthReports) =>
        snapshot with { HealthReports = healthReports };
}
