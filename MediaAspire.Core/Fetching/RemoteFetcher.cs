using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace MediaAspire.Core.Fetching;

/// <summary>Downloads from addresses that clients name, and only from public hosts. Thread-safe.</summary>
/// <remarks>
/// A host's name is resolved once for each hop. All its addresses must be allowed, and the connection goes to one of exactly these, so
/// that a name whose address changes meanwhile gains nothing. AntiSSRF checks the address of each connection again.
/// </remarks>
public sealed partial class RemoteFetcher : IDisposable
{
    /// <summary>The token in <c>Via</c> by which the platform recognises its own requests.</summary>
    public const string ViaToken = "mediaaspire-fetch";

    private const int MostAddresses = 4;

    private static readonly HttpStatusCode[] s_redirects =
    [
        HttpStatusCode.MovedPermanently, HttpStatusCode.Found, HttpStatusCode.SeeOther, HttpStatusCode.TemporaryRedirect,
        HttpStatusCode.PermanentRedirect,
    ];

    private static readonly FetchFailure s_notPublic = new(
        FetchFailureKind.Refused, "url-refused", "The host of the address does not exist, or is not public.");

    private static readonly FetchFailure s_unreachable = new(
        FetchFailureKind.Unavailable, "origin-unreachable", "The origin did not answer as an HTTP server does.");

    private readonly UrlRules _urls;
    private readonly AddressRules _addresses;
    private readonly IHostResolver _resolver;
    private readonly FetchingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _client;

    internal RemoteFetcher(
        UrlRules urls,
        AddressRules addresses,
        IHostResolver resolver,
        IOptions<FetchingOptions> options,
        TimeProvider time,
        ILogger<RemoteFetcher> logger,
        X509ChainPolicy? trust = null)
    {
        _urls = urls;
        _addresses = addresses;
        _resolver = resolver;
        _options = options.Value;
        _time = time;
        _logger = logger;

        var handler = addresses.CreatePolicy(_options.AllowHttp).GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = _options.ConnectTimeout;
        handler.MaxResponseHeadersLength = _options.MaxHeaderKibibytes;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10);
        if (trust is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }

        _client = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>Downloads the content of an address.</summary>
    /// <param name="request">What to download.</param>
    /// <param name="destination">Receives the bytes. After a failure it may have some.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    public async Task<FetchResult> FetchAsync(FetchRequest request, Stream destination, CancellationToken cancellationToken)
    {
        using var tooLong = new CancellationTokenSource(_options.Timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLong.Token);
        try
        {
            return await FollowAsync(request, destination, ending.Token);
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new FetchResult(new FetchFailure(
                FetchFailureKind.Unavailable, "origin-timeout", $"The download did not end within {_options.Timeout}."));
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<FetchResult> FollowAsync(FetchRequest request, Stream destination, CancellationToken cancellationToken)
    {
        var url = request.Url;
        for (var redirects = 0; ; redirects++)
        {
            if (_urls.Check(url) is { } refusal)
            {
                return new FetchResult(refusal);
            }

            var addresses = await FindAddressesAsync(url, cancellationToken);
            if (addresses.Length == 0)
            {
                return new FetchResult(s_notPublic);
            }

            using var response = await SendAsync(request, url, addresses, cancellationToken);
            if (response is null)
            {
                return new FetchResult(s_unreachable);
            }

            if (!s_redirects.Contains(response.StatusCode))
            {
                return await ReceiveAsync(request, response, destination, cancellationToken);
            }

            if (redirects == _options.MaxRedirects)
            {
                return Rejected("redirect-limit", $"The origin redirected more than {_options.MaxRedirects} times.");
            }

            if (response.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next))
            {
                return Rejected("origin-status", "The origin redirected to an address that is not valid.");
            }

            if (url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
            {
                return Rejected("url-refused", "The origin redirected from https to another scheme.");
            }

            url = next;
        }
    }

    /// <summary>Finds the addresses of a host.</summary>
    /// <returns>None when there are none, or when one of them is not allowed.</returns>
    private async Task<IPAddress[]> FindAddressesAsync(Uri url, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(url.IdnHost, out var literal)
            ? [literal]
            : await _resolver.ResolveAsync(url.IdnHost, cancellationToken);
        if (Array.TrueForAll(addresses, _addresses.IsAllowed))
        {
            return addresses;
        }

        LogRefused(url.IdnHost);
        return [];
    }

    /// <summary>Sends the request to the first of the addresses that answers.</summary>
    /// <returns>Null when none does.</returns>
    private async Task<HttpResponseMessage?> SendAsync(
        FetchRequest request, Uri url, IPAddress[] addresses, CancellationToken cancellationToken)
    {
        foreach (var address in addresses.Take(MostAddresses))
        {
            using var message = CreateMessage(request, url, address);
            try
            {
                return await _client.SendAsync(message, cancellationToken);
            }
            catch (Exception failure) when (IsOfOrigin(failure) && !cancellationToken.IsCancellationRequested)
            {
                LogFailed(url.IdnHost, failure.Message);
            }
        }

        return null;
    }

    // The library throws the cause of an HttpRequestException in its place. A connection that is not made in time is a cancellation.
    private static bool IsOfOrigin(Exception failure) => failure is HttpRequestException or IOException or SocketException
        or AuthenticationException or AntiSSRFException or OperationCanceledException;

    private static HttpRequestMessage CreateMessage(FetchRequest request, Uri url, IPAddress address)
    {
        // The address goes into the URI, so that nothing resolves the name again. The name in Host is also the one of TLS.
        var message = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(url) { Host = address.ToString() }.Uri);
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        message.Headers.Host = url.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{url.Port}");
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("MediaAspire", "1"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("video/*"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.1));
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.Via.Add(new ViaHeaderValue("1.1", ViaToken));
        if (request.KnownETag is { } etag)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        if (request.KnownLastModified is { } lastModified)
        {
            message.Headers.TryAddWithoutValidation("If-Modified-Since", lastModified);
        }

        return message;
    }

    private async Task<FetchResult> ReceiveAsync(
        FetchRequest request, HttpResponseMessage response, Stream destination, CancellationToken cancellationToken)
    {
        var known = new FetchResult(Failure: null)
        {
            ETag = response.Headers.ETag?.ToString(),
            LastModified = response.Content.Headers.LastModified?.ToString("R"),
            Freshness = ResponseFreshness.Of(response, _time.GetUtcNow()),
        };
        if (response.StatusCode == HttpStatusCode.NotModified && (request.KnownETag ?? request.KnownLastModified) is not null)
        {
            return known with { IsUnchanged = true };
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new FetchResult(new FetchFailure(
                (int)response.StatusCode is 408 or 429 or >= 500 ? FetchFailureKind.Unavailable : FetchFailureKind.Rejected,
                "origin-status",
                $"The origin answered {(int)response.StatusCode}."));
        }

        if (response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            return Rejected("origin-encoding", "The origin sent an encoding that the request does not accept.");
        }

        if (response.Content.Headers.ContentLength > request.MaxBytes)
        {
            return new FetchResult(BodyCopy.TooLarge(request.MaxBytes));
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (bytes, failure) = await new BodyCopy(_options, _time).CopyAsync(body, destination, request.MaxBytes, cancellationToken);
        return failure is not null ? new FetchResult(failure)
            : bytes == 0 ? Rejected("validate-file-empty", "The origin sent no bytes.")
            : known with { Bytes = bytes };
    }

    private static FetchResult Rejected(string code, string message) =>
        new(new FetchFailure(FetchFailureKind.Rejected, code, message));

    [LoggerMessage(LogLevel.Debug, "A download from {Host} was refused: one of its addresses is not public")]
    private partial void LogRefused(string host);

    [LoggerMessage(LogLevel.Debug, "An address of {Host} did not answer: {Reason}")]
    private partial void LogFailed(string host, string reason);
}
