using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Describes the genuine dashboard as a resource, which dcp runs like any other.</summary>
internal static class DashboardResource
{
    public const string Name = "aspire-dashboard";
    public const string OtlpGrpcEndpointName = "otlp-grpc";
    public const string OtlpHttpEndpointName = "otlp-http";

    private static readonly string[] s_frontendEndpoints = ["https", "http"];

    public static ExecutableResource Create(IConfiguration configuration, DcpOptions options, IReadOnlyDictionary<string, string> resourceService)
    {
        if (!File.Exists(options.DashboardPath))
        {
            throw new DistributedApplicationException(
                $"The dashboard is not at '{options.DashboardPath}'. Run offline/build-feed.sh and build the AppHost again.");
        }

        var resource = new ExecutableResource(Name, options.DashboardPath, Path.GetDirectoryName(options.DashboardPath)!);
        AddEndpoints(resource, configuration);

        resource.Annotations.Add(new ResourceSnapshotAnnotation(new() { ResourceType = KnownResourceTypes.Executable, Properties = [], IsHidden = true }));
        resource.Annotations.Add(new CommandLineArgsCallbackAnnotation(arguments => arguments.Add("dashboard")));
        resource.Annotations.Add(new EnvironmentCallbackAnnotation(context => SetVariables(context.EnvironmentVariables, resource, configuration, resourceService)));
        resource.Annotations.Add(new ResourceUrlsCallbackAnnotation(context => AddToken(context.Urls, configuration["AppHost:BrowserToken"])));
        resource.Annotations.Add(ManifestPublishingCallbackAnnotation.Ignore);
        return resource;
    }

    /// <summary>Gets the endpoint that people open.</summary>
    public static EndpointReference Frontend(IResourceWithEndpoints dashboard) =>
        s_frontendEndpoints.Select(name => dashboard.GetEndpoint(name)).First(endpoint => endpoint.Exists);

    private static void AddEndpoints(ExecutableResource resource, IConfiguration configuration)
    {
        var scheme = configuration.GetValue("ASPIRE_ALLOW_UNSECURED_TRANSPORT", defaultValue: false) ? "http" : "https";
        var urls = configuration["ASPNETCORE_URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

        foreach (var url in urls)
        {
            AddEndpoint(resource, name: null, url, scheme, transport: null);
        }

        if (urls.Length == 0)
        {
            AddEndpoint(resource, scheme, url: null, scheme, transport: null);
        }

        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];

        if (http is not null || grpc is null)
        {
            AddEndpoint(resource, OtlpHttpEndpointName, http, scheme, transport: null);
        }

        if (grpc is not null || http is null)
        {
            AddEndpoint(resource, OtlpGrpcEndpointName, grpc, scheme, transport: "http2");
        }
    }

    private static void AddEndpoint(ExecutableResource resource, string? name, string? url, string defaultScheme, string? transport)
    {
        var address = string.IsNullOrWhiteSpace(url) ? null : new Uri(url);
        resource.Annotations.Add(new EndpointAnnotation(
            ProtocolType.Tcp, uriScheme: address?.Scheme ?? defaultScheme, transport: transport, name: name, port: address?.Port, isProxied: true)
        {
            TargetHost = address?.Host ?? KnownHostNames.Localhost,
        });
    }

    private static void SetVariables(
        Dictionary<string, object> variables,
        ExecutableResource resource,
        IConfiguration configuration,
        IReadOnlyDictionary<string, string> resourceService)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (key.StartsWith("ASPIRE_DASHBOARD_", StringComparison.OrdinalIgnoreCase) && value is not null)
            {
                variables[key] = value;
            }
        }

        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["ASPNETCORE_URLS"] = TargetUrl(Frontend(resource));
        variables["DASHBOARD__FRONTEND__PUBLICURL"] = Frontend(resource);
        SetIfExists(variables, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", resource.GetEndpoint(OtlpGrpcEndpointName));
        SetIfExists(variables, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", resource.GetEndpoint(OtlpHttpEndpointName));

        SetKey(variables, "DASHBOARD__FRONTEND__AUTHMODE", "BrowserToken", "DASHBOARD__FRONTEND__BROWSERTOKEN", configuration["AppHost:BrowserToken"]);
        SetKey(variables, "DASHBOARD__OTLP__AUTHMODE", "ApiKey", "DASHBOARD__OTLP__PRIMARYAPIKEY", configuration["AppHost:OtlpApiKey"]);
        SetKey(variables, "DASHBOARD__API__AUTHMODE", "ApiKey", "DASHBOARD__API__PRIMARYAPIKEY", configuration["AppHost:DashboardApiKey"]);
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "json";

        foreach (var (name, value) in resourceService)
        {
            variables[name] = value;
        }
    }

    private static void SetIfExists(Dictionary<string, object> variables, string name, EndpointReference endpoint)
    {
        if (endpoint.Exists)
        {
            variables[name] = TargetUrl(endpoint);
        }
    }

    private static void SetKey(Dictionary<string, object> variables, string modeName, string mode, string keyName, string? key)
    {
        variables[modeName] = string.IsNullOrEmpty(key) ? "Unsecured" : mode;
        if (!string.IsNullOrEmpty(key))
        {
            variables[keyName] = key;
        }
    }

    private static ReferenceExpression TargetUrl(EndpointReference endpoint) => ReferenceExpression.Create(
        $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");

    private static void AddToken(List<ResourceUrlAnnotation> urls, string? token)
    {
        foreach (var url in urls.Where(url => s_frontendEndpoints.Contains(url.Endpoint?.EndpointName)))
        {
            url.DisplayText = $"Dashboard ({url.Endpoint!.EndpointName})";
            url.DisplayOrder = 1;
            url.Url = string.IsNullOrEmpty(token) ? url.Url : $"{url.Url}/login?t={token}";
        }
    }
}
