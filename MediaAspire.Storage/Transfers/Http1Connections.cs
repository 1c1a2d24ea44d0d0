using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MediaAspire.Storage.Transfers;

/// <summary>The switch of single connections of an HTTP/2 endpoint of Kestrel to HTTP/1.1.</summary>
/// <remarks>
/// Kestrel 10 serves one version of HTTP on a cleartext endpoint, but looks for an override on each connection: a feature of an internal
/// type, which only its own TLS middleware sets. Kestrel 11 detects the version by itself and does not need this class.
/// </remarks>
internal static class Http1Connections
{
    private const string FeatureType =
        "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.HttpProtocolsFeature, Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>Serves a connection by HTTP/1.1; call before any HTTP is spoken on it.</summary>
    public static void UseHttp1(this ConnectionContext connection)
    {
        var feature = CreateFeature(HttpProtocols.Http1);
        connection.Features[feature.GetType()] = feature;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(FeatureType)]
    private static extern object CreateFeature(HttpProtocols protocols);
}
