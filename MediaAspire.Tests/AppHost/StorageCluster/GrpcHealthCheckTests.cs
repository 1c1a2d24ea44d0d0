using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.StorageCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Tests.AppHost.StorageCluster;

public sealed class GrpcHealthCheckTests
{
    private static readonly ParameterResource s_token = new("cluster-token", _ => "a-token", secret: true);

    // The orchestrator's proxy listens before the node does.
    [Fact]
    public async Task Check_NodeThatAcceptsAndNeverAnswers_IsUnhealthySoon()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var check = new GrpcHealthCheck(EndpointOf((IPEndPoint)silent.LocalEndpoint), s_token, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();

        var result = await check.CheckHealthAsync(ContextOf(check));

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("The node did not respond within 1 s.", result.Description);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Check_CallerCancels_IsCancelled()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var check = new GrpcHealthCheck(EndpointOf((IPEndPoint)silent.LocalEndpoint), s_token, TimeProvider.System);
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.CheckHealthAsync(ContextOf(check), caller.Token));
    }

    [Fact]
    public async Task Check_NodeThatRefusesToServe_TellsTheReasonsThatItGivesForTheToken()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks().AddCheck("membership", () => HealthCheckResult.Unhealthy("Another database."));
        await using var node = builder.Build();
        node.MapGrpcHealthChecksService();
        node.MapGet("/health", (HttpRequest request) => Results.Json(
            new
            {
                checks = new
                {
                    membership = new { status = "Unhealthy", description = request.Headers.Authorization.ToString() },
                    self = new { status = "Healthy" },
                },
            },
            statusCode: 503));
        await node.StartAsync();
        using var check = new GrpcHealthCheck(
            EndpointOf(IPEndPoint.Parse(new Uri(node.Urls.Single()).Authority)), s_token, TimeProvider.System);

        var result = await check.CheckHealthAsync(ContextOf(check));

        Assert.Equal((HealthStatus.Unhealthy, "Bearer a-token"), (result.Status, result.Description));
    }

    private static HealthCheckContext ContextOf(GrpcHealthCheck check) =>
        new() { Registration = new HealthCheckRegistration("node", check, HealthStatus.Unhealthy, null) };

    private static EndpointReference EndpointOf(IPEndPoint address)
    {
        var annotation = new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "http", name: "grpc");
        annotation.AllocatedEndpoint = new AllocatedEndpoint(annotation, address.Address.ToString(), address.Port);
        var node = new ExecutableResource("node", "node", ".");
        node.Annotations.Add(annotation);
        return new EndpointReference(node, annotation);
    }
}
