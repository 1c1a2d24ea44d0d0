namespace MediaAspire.Api.Listeners;

/// <summary>The response headers that tell browsers what they must not do.</summary>
internal static class SecurityHeaders
{
    // Not a page. The contents of files come from users: with "sandbox" a browser that shows one runs no script of it.
    private const string ContentPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    // The pages of the reference are one script with its settings in the page.
    private const string ReferencePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly PathString s_reference = new("/scalar");

    /// <summary>Adds the headers to a response, whichever middleware writes it.</summary>
    public static void AddTo(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is { } page)
            {
                headers.ContentSecurityPolicy = page.Value;
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
            }
            else
            {
                headers.ContentSecurityPolicy =
                    context.Request.Path.StartsWithSegments(s_reference, StringComparison.OrdinalIgnoreCase)
                        ? ReferencePolicy
                        : ContentPolicy;
            }

            return Task.CompletedTask;
        },
        context);
}
