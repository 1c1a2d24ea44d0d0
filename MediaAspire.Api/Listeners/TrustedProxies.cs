using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Listeners;

internal static class TrustedProxies
{
    /// <summary>Takes the address and the scheme of a client from the headers of the trusted proxies. Must come first.</summary>
    /// <remarks>
    /// The addresses in <c>X-Forwarded-For</c> are read from the right, up to the first that is not a proxy: clients can write only what
    /// is left of it.
    /// </remarks>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.TrustedProxies;
        if (proxies.Count == 0)
        {
            return app;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Select(ProxyOptions.Parse))
        {
            options.KnownIPNetworks.Add(network!.Value);
        }

        return app.UseForwardedHeaders(options);
    }
}
