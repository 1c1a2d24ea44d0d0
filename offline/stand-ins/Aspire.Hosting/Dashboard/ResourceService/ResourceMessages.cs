using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>Turns the state of a resource into the dashboard's message.</summary>
internal static class ResourceMessages
{
    /// <summary>Makes the message.</summary>
    /// <param name="change">The state of one instance of a resource.</param>
    /// <param name="createdAt">When the resource was created, where the state does not say.</param>
    public static Wire.Resource ToMessage(ResourceEvent change, DateTimeOffset createdAt)
    {
        var snapshot = change.Snapshot;
        var created = snapshot.CreationTimeStamp is { } known ? ToTimestamp(known) : Timestamp.FromDateTimeOffset(createdAt);
        var message = new Wire.Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? string.Empty,
            StateStyle = snapshot.State?.Style ?? string.Empty,
            CreatedAt = created,
            IsHidden = snapshot.IsHidden,
        };

        if (snapshot.StartTimeStamp is { } startedAt)
        {
            message.StartedAt = ToTimestamp(startedAt);
        }

        if (snapshot.StopTimeStamp is { } stoppedAt)
        {
            message.StoppedAt = ToTimestamp(stoppedAt);
        }

        if (snapshot.IconName is { } iconName)
        {
            message.IconName = iconName;
            message.IconVariant = ToMessage(snapshot.IconVariant);
        }

        message.Environment.AddRange(snapshot.EnvironmentVariables.Select(variable => new Wire.EnvironmentVariable
        {
            Name = variable.Name,
            Value = variable.Value ?? string.Empty,
            IsFromSpec = variable.IsFromSpec,
        }));
        message.Properties.AddRange(DescribeInstance(change, created));
        message.Properties.AddRange(snapshot.Properties.Select(property =>
            ResourcePropertyMessages.ToMessage(snapshot.ResourceType, property)));
        message.Urls.AddRange(snapshot.Urls.Select(ToMessage));
        message.Volumes.AddRange(snapshot.Volumes.Select(volume => new Wire.Volume
        {
            Source = volume.Source ?? string.Empty,
            Target = volume.Target,
            MountType = volume.MountType,
            IsReadOnly = volume.IsReadOnly,
        }));
        message.HealthReports.AddRange(snapshot.HealthReports.Select(ToMessage));
        message.Relationships.AddRange(snapshot.Relationships.Select(relationship => new Wire.ResourceRelationship
        {
            ResourceName = relationship.ResourceName,
            Type = relationship.Type,
        }));
        message.Commands.AddRange(snapshot.Commands.Select(ToMessage));
        return message;
    }

    private static IEnumerable<Wire.ResourceProperty> DescribeInstance(ResourceEvent change, Timestamp created)
    {
        var snapshot = change.Snapshot;
        yield return Property("resource.uid", change.ResourceId);
        yield return Property("resource.name", change.ResourceId);
        yield return Property("resource.type", snapshot.ResourceType);
        yield return Property("resource.displayName", change.Resource.Name);
        yield return Property("resource.state", snapshot.State?.Text);
        yield return Property("resource.exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture));
        yield return Property("resource.createTime", created.ToDateTime().ToString("O", CultureInfo.InvariantCulture));
        yield return Property("resource.startTime", snapshot.StartTimeStamp?.ToString("O", CultureInfo.InvariantCulture));
        yield return Property("resource.stopTime", snapshot.StopTimeStamp?.ToString("O", CultureInfo.InvariantCulture));
        yield return Property("resource.healthState", snapshot.HealthStatus?.ToString());
    }

    private static Wire.ResourceProperty Property(string name, string? value) => new()
    {
        Name = name,
        Value = value is null ? Value.ForNull() : Value.ForString(value),
    };

    private static Wire.Url ToMessage(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? string.Empty,
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new Wire.UrlDisplayProperties
        {
            DisplayName = url.DisplayProperties.DisplayName,
            SortOrder = url.DisplayProperties.SortOrder,
        },
    };

    private static Wire.HealthReport ToMessage(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? string.Empty,
            Exception = report.ExceptionText ?? string.Empty,
        };

        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        if (report.LastRunAt is { } lastRunAt)
        {
            message.LastRunAt = ToTimestamp(lastRunAt);
        }

        return message;
    }

    private static Wire.ResourceCommand ToMessage(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        DisplayDescription = command.DisplayDescription ?? string.Empty,
        ConfirmationMessage = command.ConfirmationMessage ?? string.Empty,
        IsHighlighted = command.IsHighlighted,
        IconName = command.IconName ?? string.Empty,
        IconVariant = ToMessage(command.IconVariant),
        State = command.State switch
        {
            ResourceCommandState.Enabled => Wire.ResourceCommandState.Enabled,
            ResourceCommandState.Disabled => Wire.ResourceCommandState.Disabled,
            _ => Wire.ResourceCommandState.Hidden,
        },
    };

    private static Wire.IconVariant ToMessage(IconVariant? variant) =>
        variant == IconVariant.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;

    private static Timestamp ToTimestamp(DateTime time) => Timestamp.FromDateTime(time.ToUniversalTime());
}
