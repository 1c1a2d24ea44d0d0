using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Makes resources send their telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    private const string DefaultEndpoint = "http://localhost:18889";

    public static void AddOtlpEnvironment(IResource resource, IConfiguration configuration, IHostEnvironment environment) =>
        Add(resource, configuration, environment, protocol: null);

    /// <summary>Adds the environment, for a resource that speaks only one protocol.</summary>
    public static void AddOtlpEnvironment(IResource resource, IConfiguration configuration, IHostEnvironment environment, OtlpProtocol protocol) =>
        Add(resource, configuration, environment, protocol);

    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Resource, builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment, protocol: null);
        return builder;
    }

    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Resource, builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment, protocol);
        return builder;
    }

    private static void Add(IResource resource, IConfiguration configuration, IHostEnvironment environment, OtlpProtocol? protocol)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);

        resource.Annotations.Add(new OtlpExporterAnnotation { RequiredProtocol = protocol });
        resource.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                SetVariables(context, configuration, environment, protocol);
            }
        }));
    }

    private static void SetVariables(
        EnvironmentCallbackContext context,
        IConfiguration configuration,
        IHostEnvironment environment,
        OtlpProtocol? protocol)
    {
        var variables = context.EnvironmentVariables;
        var (endpoint, protocolName) = OfDashboard(context, protocol) ?? Resolve(configuration, protocol);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocolName;

        // Templates that the orchestrator fills in: replicas of a resource differ in them.
        variables["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id={{- index .Annotations \"otel-service-instance-id\" -}}";
        variables["OTEL_SERVICE_NAME"] = "{{- index .Annotations \"otel-service-name\" -}}";

        if (configuration["AppHost:OtlpApiKey"] is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (environment.IsDevelopment())
        {
            const string EverySecond = "1000";
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = EverySecond;
            variables["OTEL_BSP_SCHEDULE_DELAY"] = EverySecond;
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = EverySecond;
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        }
    }

    // The dashboard's ports are free ones unless they are configured, so they are known only by its endpoints.
    private static (object Endpoint, string Protocol)? OfDashboard(EnvironmentCallbackContext context, OtlpProtocol? required)
    {
        var model = context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>();
        if (!model.Resources.TryGetByName(DashboardResource.Name, out var resource) || resource is not IResourceWithEndpoints dashboard)
        {
            return null;
        }

        var grpc = dashboard.GetEndpoint(DashboardResource.OtlpGrpcEndpointName);
        var http = dashboard.GetEndpoint(DashboardResource.OtlpHttpEndpointName);

        return required switch
        {
            OtlpProtocol.HttpProtobuf when http.Exists => (http, "http/protobuf"),
            OtlpProtocol.HttpJson when http.Exists => (http, "http/json"),
            _ when grpc.Exists => (grpc, "grpc"),
            _ when http.Exists => (http, "http/protobuf"),
            _ => null,
        };
    }

    private static (object Endpoint, string Protocol) Resolve(IConfiguration configuration, OtlpProtocol? required)
    {
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];

        return required switch
        {
            OtlpProtocol.HttpProtobuf => (new HostUrl(http ?? throw NoHttp()), "http/protobuf"),
            OtlpProtocol.HttpJson => (new HostUrl(http ?? throw NoHttp()), "http/json"),
            null when grpc is null && http is not null => (new HostUrl(http), "http/protobuf"),
            _ => (new HostUrl(grpc ?? DefaultEndpoint), "grpc"),
        };
    }

    private static InvalidOperationException NoHttp() =>
        new("A resource sends telemetry over HTTP, but ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL is not set.");
}
