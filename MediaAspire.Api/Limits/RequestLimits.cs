using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Limits;

/// <summary>Decides whether a request is served now, by the rate of its sender and the requests that are being served.</summary>
internal sealed partial class RequestLimits(
    SharedRateLimiter rates, IOptions<LimitOptions> options, LimitMetrics metrics, TimeProvider time, ILogger<RequestLimits> logger)
{
    /// <summary>The time after which a request that found no place is to be repeated.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly LimitOptions _options = options.Value;
    private readonly RateLimit? _keys = options.Value.OfKeys;
    private readonly RateLimit? _addresses = options.Value.OfAddresses;

    /// <summary>Gets the places of requests with a body.</summary>
    public Places Uploads { get; } = PlacesOf(options.Value.MaxConcurrentUploads, options.Value.MaxShareOfOneSender);

    /// <summary>Gets the places of requests without a body.</summary>
    public Places Downloads { get; } = PlacesOf(options.Value.MaxConcurrentDownloads, options.Value.MaxShareOfOneSender);

    /// <summary>Decides on a request that transfers bytes. A key without a limit costs no call to Redis.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sender">Its authenticated sender.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<RequestAdmission> AdmitAsync(HttpContext http, LimitedSender sender, CancellationToken cancellationToken)
    {
        if (await TakeAsync(http, sender, cancellationToken) is { IsAllowed: false } refused)
        {
            return new(default, RequestRefusal.Rate, refused.RetryAfter);
        }

        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
        var places = hasBody ? Uploads : Downloads;
        if (places.TryTake(sender.KeyId ?? ClientAddress.NameOf(http.Connection.RemoteIpAddress), sender.MaxConcurrent) is not { } place)
        {
            metrics.Refused(LimitMetrics.Concurrency);
            return new(default, RequestRefusal.Concurrency, RetryAfter);
        }

        return new(new RequestLease(place, hasBody ? StartDeadline(http) : null), Refusal: null, default);
    }

    /// <summary>Counts a request against the rate of its sender only.</summary>
    public async ValueTask<RateDecision> TakeAsync(HttpContext http, LimitedSender sender, CancellationToken cancellationToken)
    {
        if (sender.KeyId is { } key)
        {
            return (sender.Rate ?? _keys) is { } rate
                ? Counted(await rates.TakeAsync($"key:{key}", rate, cancellationToken), LimitMetrics.KeyRate)
                : RateDecision.Allowed;
        }

        return _addresses is { } limit
            ? Counted(
                await rates.TakeAsync($"address:{ClientAddress.NameOf(http.Connection.RemoteIpAddress)}", limit, cancellationToken),
                LimitMetrics.AddressRate)
            : RateDecision.Allowed;
    }

    private static Places PlacesOf(int total, int share) => new(total, Math.Max(1, (int)((long)total * share / 100)));

    private RateDecision Counted(RateDecision decision, string reason)
    {
        if (!decision.IsAllowed)
        {
            metrics.Refused(reason);
        }

        return decision;
    }

    // A body that its length and the least rate already bound needs no timer: nearly every one.
    private ITimer? StartDeadline(HttpContext http)
    {
        if (http.Request.ContentLength is { } length
            && _options.MinBodyBytesPerSecond > 0
            && _options.BodyGrace + TimeSpan.FromSeconds((double)length / _options.MinBodyBytesPerSecond) <= _options.MaxBodyDuration)
        {
            return null;
        }

        return time.CreateTimer(_ => Expire(http), state: null, _options.MaxBodyDuration, Timeout.InfiniteTimeSpan);
    }

    private void Expire(HttpContext http)
    {
        metrics.BodyExpired();
        LogExpired(logger, http.Request.Method, http.Request.Path, _options.MaxBodyDuration);
        http.Abort();
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Aborted {Method} {Path}: its body had not arrived after {Duration} (Limits:MaxBodyDuration)")]
    private static partial void LogExpired(ILogger logger, string method, PathString path, TimeSpan duration);
}
