using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Limits;

/// <summary>Configures the limits of the HTTP server on connections and on the rates of bodies, for every listener.</summary>
/// <remarks>
/// The server computes the rate of a request's body over all the time in which it waited for bytes, so the time of slow storage does not
/// count. Over HTTP/2 the rate is that of the connection while any body is incomplete. A request whose body is too slow fails with 408,
/// and its connection is closed.
/// </remarks>
internal sealed class KestrelLimits(IOptions<LimitOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions server)
    {
        var limits = options.Value;
        server.Limits.MaxConcurrentConnections = limits.MaxConnections;
        server.Limits.MinRequestBodyDataRate = RateOf(limits.MinBodyBytesPerSecond, limits.BodyGrace);
        server.Limits.MinResponseDataRate = RateOf(limits.MinResponseBytesPerSecond, limits.BodyGrace);
    }

    private static MinDataRate? RateOf(int bytesPerSecond, TimeSpan grace) =>
        bytesPerSecond == 0 ? null : new(bytesPerSecond, grace);
}
