using MediaAspire.Api.Listeners;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>The content security policy of the console.</summary>
internal static class ConsolePolicy
{
    /// <summary>
    /// Makes the policy: everything comes from this server, except objects of media, which the object store sends itself.
    /// </summary>
    public static PagePolicy Make(IOptions<ObjectStoreOptions> options)
    {
        var store = StoreOf(options.Value);
        return new(
            $"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
            + $"img-src 'self' blob: data:{store}; media-src 'self' blob:{store}; connect-src 'self'{store}; "
            + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    }

    // The origin only: an address with a path would not match presigned addresses of another bucket.
    private static string StoreOf(ObjectStoreOptions options)
    {
        var endpoint = options.PublicEndpoint
            ?? (ObjectStoreConnection.TryParse(options.ConnectionString, out var connection, out _) ? connection.Endpoint.ToString() : null);
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? $" {uri.GetLeftPart(UriPartial.Authority)}" : "";
    }
}
