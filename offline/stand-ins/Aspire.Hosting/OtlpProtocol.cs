namespace Aspire.Hosting;

/// <summary>The protocols in which telemetry is sent.</summary>
public enum OtlpProtocol
{
    Grpc = 0,
    HttpProtobuf = 1,
    HttpJson = 2,
}
