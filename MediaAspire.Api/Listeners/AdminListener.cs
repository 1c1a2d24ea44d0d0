using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Listeners;

/// <summary>The listener for operators, which alone serves their routes.</summary>
internal sealed class AdminListener(IOptions<AdminOptions> options)
{
    /// <summary>The paths that begin the routes for operators.</summary>
    public static readonly PathString[] Paths = ["/admin", "/metrics", "/openapi", "/scalar"];

    private readonly int? _port = options.Value.Port;

    /// <summary>Gets a value indicating whether the process has the listener.</summary>
    public bool Exists => _port is not null;

    /// <summary>Determines whether a path begins a route for operators.</summary>
    public static bool Owns(PathString path)
    {
        foreach (var owned in Paths)
        {
            if (path.StartsWithSegments(owned, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Determines whether a request came in by this listener.</summary>
    /// <remarks>By the port of the connection, not by the Host header, which clients choose.</remarks>
    public bool Received(HttpContext context) => context.Connection.LocalPort == _port;
}
