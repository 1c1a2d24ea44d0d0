using System.Globalization;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Security;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Images;

/// <summary>Images of other servers: <c>/images/proxy</c>.</summary>
internal static class ProxyEndpoints
{
    public static void MapProxy(this RouteGroupBuilder images) =>
        images.MapMethods("/proxy", [HttpMethods.Get, HttpMethods.Head], Get).WithName("GetProxiedImage")
            .RequireAuthorization(Policies.ImagesWrite).LimitTransfers()
            .WithSummary("Get an image of another server, which is fetched once and kept for a while")
            .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status206PartialContent).Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Get(
        HttpContext http,
        [FromQuery] string? url,
        ProxyFlow proxy,
        ImageDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(url))
        {
            return ImageErrors.InvalidQuery("Name the address with ?url=.");
        }

        var (image, freshFor, problem) = await proxy.FindAsync(http, url, HttpMethods.IsGet(http.Request.Method), cancellationToken);
        if (image is null)
        {
            return problem!;
        }

        // The content of an alias never changes, but that of an address does.
        var seconds = Math.Max(0, (long)freshFor.TotalSeconds);
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode < StatusCodes.Status400BadRequest)
            {
                http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}");
            }

            return Task.CompletedTask;
        });
        return downloads.Of(image);
    }
}
