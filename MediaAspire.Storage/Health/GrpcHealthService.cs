using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = MediaAspire.Core.Chunks.Protos.HealthCheckResponse.Types.ServingStatus;

namespace MediaAspire.Storage.Health;

/// <summary>The standard gRPC health service over the process's health checks.</summary>
internal sealed class GrpcHealthService(HealthCheckService checks, TimeProvider time) : Core.Chunks.Protos.Health.HealthBase
{
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromSeconds(2);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!IsKnown(request.Service))
        {
            throw ChunkStoreErrors.NoSuchService(request.Service);
        }

        return new HealthCheckResponse { Status = await StatusAsync(context.CancellationToken) };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var timer = new PeriodicTimer(s_watchInterval, time);
        var last = ServingStatus.Unknown;
        do
        {
            var now = IsKnown(request.Service) ? await StatusAsync(context.CancellationToken) : ServingStatus.ServiceUnknown;
            if (now != last)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = now }, context.CancellationToken);
                last = now;
            }
        }
        while (await timer.WaitForNextTickAsync(context.CancellationToken));
    }

    // The empty name asks for the process as a whole.
    private static bool IsKnown(string service) => service is "" or ChunkStoreMethods.ServiceName;

    private async Task<ServingStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        return report.Status == HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
